/// The backend in plain Java.
module org.lazuli.cpu {
    requires transitive org.lazuli;
    requires static org.jspecify;
    requires static jdk.incubator.vector;
}
