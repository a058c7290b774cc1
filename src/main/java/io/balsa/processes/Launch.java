package io.balsa.processes;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start this program in another process.
 *
 * @param command the words before the arguments of the program
 * @param environment variables to set
 */
public record Launch(List<String> command, Map<String, String> environment) {
  /** Starts a process in its own session, so that Ctrl+C in the terminal does not reach it. */
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private static final String JAVA_OPTIONS = "BALSA_JAVA_OPTS";

  /** The way in which this process was started: by its launcher, or else by java. */
  public static Launch ofThisProcess() {
    String launcher = System.getProperty("balsa.launcher", "");
    return launcher.isEmpty()
        ? ofThisJvm()
        : new Launch(List.of(launcher), Map.of("BALSA_BUILD", "never"));
  }

  /** Starts java with the classes of a folder before those of this process. */
  public static Launch withClasses(Path folder) {
    return ofThisJvm(folder.toAbsolutePath() + File.pathSeparator);
  }

  private static Launch ofThisJvm() {
    return ofThisJvm("");
  }

  private static Launch ofThisJvm(String before) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=144m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    command.addAll(javaOptions());
    command.addAll(
        List.of(
            "-cp", before + absolute(System.getProperty("java.class.path")), "io.balsa.cli.Main"));
    return new Launch(List.copyOf(command), Map.of());
  }

  /** The user's options for the JVM, which the launcher hands over too. */
  private static List<String> javaOptions() {
    String options = System.getenv().getOrDefault(JAVA_OPTIONS, "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+", -1));
  }

  private static String absolute(String classPath) {
    List<String> parts = new ArrayList<>();
    for (String part : classPath.split(File.pathSeparator, -1)) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, parts);
  }

  /** Whether a child gets its own session. */
  static boolean detaches() {
    return Files.isExecutable(SETSID);
  }

  /**
   * A builder for a process with these arguments. It leaves out the environment variables that the
   * child would read as flags, and the service manager of this process.
   */
  ProcessBuilder process(List<String> arguments) {
    List<String> whole = new ArrayList<>();
    if (detaches()) {
      whole.add(SETSID.toString());
    }
    whole.addAll(command);
    whole.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(whole);
    process.environment().keySet().removeIf(Launch::isFlag);
    process.environment().putAll(environment);
    return process;
  }

  /** Whether a child must not get a variable of this process. A server reads both prefixes. */
  static boolean isFlag(String variable) {
    return variable.equals("NOTIFY_SOCKET")
        || variable.startsWith("ETCD_")
        || (variable.startsWith("BALSA_") && !variable.equals(JAVA_OPTIONS));
  }
}
