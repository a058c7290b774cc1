package io.balsa.drill;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The ports of a playground, on file beside its data: servers are known to each other by their
 * addresses, so data and ports belong together.
 *
 * @param wished the base that the user wants; 0 for none
 */
record RememberedPorts(Path directory, int wished, int servers) {
  /** The ports to take; they are free at this moment. */
  Ports choose() {
    Path file = directory.resolve("base-port");
    int kept =
        Folders.lines(file).stream()
            .findFirst()
            .map(line -> Integer.parseInt(line.strip()))
            .orElse(0);
    if (kept != 0 && wished != 0 && kept != wished) {
      throw new DrillFailure(
          "the data in %s belong to base port %d: leave --base-port out, or take another --data-dir"
              .formatted(directory, kept));
    }
    Ports ports = kept != 0 ? free(kept) : wished != 0 ? free(wished) : Ports.free(servers);
    Folders.write(file, ports.base() + "\n");
    return ports;
  }

  private Ports free(int base) {
    Ports ports = new Ports(base, servers);
    OptionalInt taken = ports.taken();
    if (taken.isPresent()) {
      throw new DrillFailure(
          "port %d is in use: end what listens there, or take another --base-port and --data-dir"
              .formatted(taken.getAsInt()));
    }
    return ports;
  }
}
