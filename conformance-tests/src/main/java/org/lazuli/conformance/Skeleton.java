package org.lazuli.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes the project that a new backend starts from: it holds arrays, refuses every kernel, and runs the conformance suite.
///
/// ```
/// java -cp lazuli-conformance-tests.jar org.lazuli.conformance.Skeleton com.example.toy toy toy-backend
/// cd toy-backend && mvn test
/// ```
///
/// Everything is unsupported at first and nothing fails, because what a backend refuses runs on the reference. The guide *Writing a
/// backend* goes on from there.
public final class Skeleton {
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final String USAGE = "usage: Skeleton PACKAGE NAME DIRECTORY [LAZULI-VERSION]";

    private final String packageName;
    private final String name;
    private final String version;

    /// @param packageName the Java package of the backend's classes
    /// @param name the backend's name: lower case, words joined by `-`
    /// @param version the version of lazuli to depend on
    /// @throws IllegalArgumentException if a name is not one
    public Skeleton(String packageName, String name, String version) {
        if (!PACKAGE.matcher(packageName).matches()) {
            throw new IllegalArgumentException("'" + packageName + "' is not a package: write it as com.example.toy");
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a backend's name: write lower case words, joined by '-', as in my-gpu");
        }
        if (name.equals("cpu")) {
            throw new IllegalArgumentException("'cpu' is the reference backend's name; choose another");
        }
        if (version.isBlank()) {
            throw new IllegalArgumentException("the version of lazuli to depend on is missing");
        }
        this.packageName = packageName;
        this.name = name;
        this.version = version;
    }

    /// `Skeleton PACKAGE NAME DIRECTORY [LAZULI-VERSION]`. Without a version it is this jar's own.
    public static void main(String[] arguments) throws IOException {
        int status = run(arguments, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) throws IOException {
        if (arguments.length < 3 || arguments.length > 4) {
            err.println(USAGE);
            return 2;
        }
        String version = arguments.length == 4 ? arguments[3] : ownVersion();
        if (version == null) {
            err.println("these classes do not come from a jar that says its version: add it\n" + USAGE);
            return 2;
        }
        try {
            Path directory = Path.of(arguments[2]);
            for (Path file : new Skeleton(arguments[0], arguments[1], version).write(directory)) {
                out.println(file);
            }
            out.println("\nNow: cd " + directory + " && mvn test");
            return 0;
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println(e.getMessage());
            return 2;
        }
    }

    private static @Nullable String ownVersion() {
        return Skeleton.class.getPackage().getImplementationVersion();
    }

    /// The start of the names of classes: `MyGpu` for `my-gpu`.
    public String prefix() {
        StringBuilder prefix = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter != '-') {
                prefix.append(begins ? Character.toUpperCase(letter) : letter);
            }
            begins = letter == '-';
        }
        return prefix.toString();
    }

    /// The text of each file, by its path in the project.
    public Map<String, String> files() throws IOException {
        String folder = "java/" + packageName.replace('.', '/') + "/" + prefix();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", text("pom.xml.txt"));
        files.put("src/main/resources/META-INF/services/org.lazuli.spi.BackendProvider", text("Services.txt"));
        files.put("src/main/" + folder + "Provider.java", text("Provider.java.txt"));
        files.put("src/main/" + folder + "Backend.java", text("Backend.java.txt"));
        files.put("src/main/java/" + packageName.replace('.', '/') + "/Elements.java", text("Elements.java.txt"));
        files.put("src/test/" + folder + "ConformanceTest.java", text("ConformanceTest.java.txt"));
        return files;
    }

    /// Writes the project.
    ///
    /// @return the files
    /// @throws IllegalStateException if one of them is there already; nothing is written then
    public List<Path> write(Path directory) throws IOException {
        Map<String, String> files = files();
        for (String file : files.keySet()) {
            if (Files.exists(directory.resolve(file))) {
                throw new IllegalStateException(directory.resolve(file) + " is there already, and is not overwritten");
            }
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            written.add(Files.writeString(path, file.getValue()));
        }
        return written;
    }

    private String text(String template) throws IOException {
        try (InputStream in = Skeleton.class.getResourceAsStream("skeleton/" + template)) {
            if (in == null) {
                throw new IllegalStateException("the suite's jar lacks skeleton/" + template);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@package@", packageName)
                    .replace("@Name@", prefix())
                    .replace("@name@", name)
                    .replace("@version@", version);
        }
    }
}
