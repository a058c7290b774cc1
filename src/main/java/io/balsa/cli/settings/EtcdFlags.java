package io.balsa.cli.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.ctl.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All flags of etcd 3.4 to 3.7. A flag without a meaning here is accepted with a warning. A flag
 * that asks for what is missing is refused: a server that ignored a certificate would be open while
 * its owner believes it closed.
 */
public final class EtcdFlags {
  private static final String TABLE = "etcd-flags.tsv";

  /** What becomes of a flag. */
  enum Status {
    WORKS,
    IGNORED,
    REFUSED
  }

  /**
   * A flag of etcd.
   *
   * @param name with two dashes
   * @param isBoolean whether it may stand without a value
   * @param harmless values that ask for nothing; an empty one never does
   * @param remark why it is ignored or refused, or what differs
   */
  record Flag(String name, Status status, boolean isBoolean, List<String> harmless, String remark) {
    boolean asksForNothing(String value) {
      return value.isEmpty() || harmless.contains(value);
    }
  }

  private final Map<String, Flag> flags;

  private EtcdFlags(Map<String, Flag> flags) {
    this.flags = flags;
  }

  /** Reads the table. */
  public static EtcdFlags load() {
    Map<String, Flag> flags = new LinkedHashMap<>();
    try (InputStream in = EtcdFlags.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: " + TABLE + " is missing");
      }
      new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.startsWith("--"))
          .map(EtcdFlags::flag)
          .forEach(flag -> flags.put(flag.name(), flag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new EtcdFlags(flags);
  }

  private static Flag flag(String line) {
    String[] cells = line.split("\t", -1);
    Status status =
        switch (cells[1]) {
          case "works" -> Status.WORKS;
          case "ignored" -> Status.IGNORED;
          case "refused" -> Status.REFUSED;
          default -> throw new IllegalStateException(line);
        };
    List<String> harmless =
        Stream.of(cells[3].split(" ")).filter(value -> !value.isEmpty()).toList();
    return new Flag(cells[0], status, cells[2].equals("boolean"), harmless, cells[4]);
  }

  /** All of them, in the order of the table. */
  List<Flag> all() {
    return List.copyOf(flags.values());
  }

  /** Adds those that do not work to a command, hidden from its help. */
  public void addTo(CommandSpec command) {
    for (Flag flag : flags.values()) {
      if (flag.status() != Status.WORKS) {
        command.addOption(
            OptionSpec.builder(flag.name())
                .type(flag.isBoolean() ? Boolean.class : String.class)
                .arity(flag.isBoolean() ? "0..1" : "1")
                .hidden(true)
                .build());
      }
    }
  }

  /** Throws when one was given that must not be ignored. */
  public void refuse(List<Given> given) {
    for (Given each : given) {
      if (asks(each, Status.REFUSED)) {
        throw new BadInput(
            "%s is refused: %s; leave it out".formatted(each.source(), remark(each)));
      }
    }
  }

  /** A line about each that was given and does nothing. */
  public List<String> ignored(List<Given> given) {
    return given.stream()
        .filter(each -> asks(each, Status.IGNORED))
        .map(each -> "%s=%s is ignored: %s".formatted(each.source(), each.value(), remark(each)))
        .toList();
  }

  private boolean asks(Given given, Status status) {
    Flag flag = flags.get(given.flag());
    return flag != null && flag.status() == status && !flag.asksForNothing(given.value());
  }

  private String remark(Given given) {
    Flag flag = flags.get(given.flag());
    return flag == null ? "" : flag.remark();
  }
}
