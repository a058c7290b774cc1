package io.balsa.processes;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The ports of a playground, in a file beside its data. Servers know each other by their addresses,
 * so the data is only valid with these ports.
 *
 * @param wished the base port that the user asked for; 0 for none
 */
record RememberedPorts(Path directory, int wished, int servers) {
  static final String FILE = "base-port";

  /**
   * Chooses ports that are free, and remembers them.
   *
   * @throws InstrumentFailure when the ports are in use, or do not fit the data
   */
  ClusterPorts choose() {
    Path file = directory.resolve(FILE);
    int kept =
        Folders.lines(file).stream()
            .findFirst()
            .map(line -> Integer.parseInt(line.strip()))
            .orElse(0);
    if (kept != 0 && wished != 0 && kept != wished) {
      throw new InstrumentFailure(
          "the data in %s belong to base port %d: leave --base-port out, or take another --data-dir"
              .formatted(directory, kept));
    }
    ClusterPorts ports =
        kept != 0 ? free(kept) : wished != 0 ? free(wished) : ClusterPorts.free(servers);
    Folders.write(file, ports.base() + "\n");
    return ports;
  }

  private ClusterPorts free(int base) {
    ClusterPorts ports = new ClusterPorts(base, servers);
    OptionalInt taken = ports.taken();
    if (taken.isPresent()) {
      throw new InstrumentFailure(
          "port %d is in use: end what listens there, or take another --base-port and --data-dir"
              .formatted(taken.getAsInt()));
    }
    return ports;
  }
}
