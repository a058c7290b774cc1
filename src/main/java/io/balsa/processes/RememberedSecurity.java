package io.balsa.processes;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a playground is secured, in a file beside its data. Its data know the members by their URLs,
 * and its users stay, so the next start must be like the first.
 */
record RememberedSecurity(Path directory, SecurityWish wished) {
  private static final String TLS = "tls";
  private static final String USERS = "users";

  /**
   * Checks what was wished for against the data, and remembers it. Data without the file are of a
   * playground without TLS and users.
   *
   * @throws InstrumentFailure when the data were begun in another way
   */
  void check() {
    Path file = directory.resolve("security");
    if (Files.exists(directory.resolve(RememberedPorts.FILE))) {
      String words = String.join(" ", Folders.lines(file));
      SecurityWish kept = new SecurityWish(words.contains(TLS), words.contains(USERS));
      if (!kept.equals(wished)) {
        String before = kept.options();
        throw new InstrumentFailure(
            "the playground in %s was begun %s: %s, or take another --data-dir"
                .formatted(
                    directory,
                    before.isEmpty() ? "without --tls and --auth" : "with " + before,
                    before.isEmpty() ? "leave them out" : "give the same options"));
      }
    }
    Folders.write(file, ((wished.tls() ? TLS : "") + "\n" + (wished.users() ? USERS : "")) + "\n");
  }
}
