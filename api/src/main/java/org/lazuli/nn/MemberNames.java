package org.lazuli.nn;

/// How the names of Java fields are written in paths.
final class MemberNames {
    private MemberNames() {}

    /// The name with an underscore and a small letter for each capital that follows a small letter or a digit:
    /// `runningMean` gives `running_mean`, `Wx` and `running_mean` stay.
    static String path(String name) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean wordStarts = Character.isUpperCase(c)
                    && i > 0
                    && (Character.isLowerCase(name.charAt(i - 1)) || Character.isDigit(name.charAt(i - 1)));
            if (wordStarts) {
                path.append('_').append(Character.toLowerCase(c));
            } else {
                path.append(c);
            }
        }
        return path.toString();
    }
}
