package io.balsa.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The etcd to compare with.
 *
 * @param minor its minor version: 4 for 3.4.23, 7 for 3.7.3
 */
record Reference(Path program, int minor) {
  private static final Pattern VERSION = Pattern.compile("etcd Version: 3\\.(\\d+)\\.");

  static Optional<Reference> installed() {
    return EtcdProcess.installed().map(program -> new Reference(program, minorOf(program)));
  }

  private static int minorOf(Path program) {
    try {
      Process asked =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(said);
      if (!version.find()) {
        throw new IllegalStateException(program + " is no etcd 3: " + said);
      }
      return Integer.parseInt(version.group(1));
    } catch (IOException e) {
      throw new IllegalStateException(program + " does not run", e);
    }
  }

  /** Whether steps may touch what the difference is about. */
  boolean agreesOn(KnownDifference difference) {
    return !difference.isOf(minor);
  }
}
