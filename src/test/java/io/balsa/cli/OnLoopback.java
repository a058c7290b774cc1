package io.balsa.cli;

import io.balsa.cli.settings.ServerOptions;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Real servers in this process, on free ports. */
final class OnLoopback {
  private OnLoopback() {}

  /** The settings of a server on a data directory; more flags win. */
  static ServerSettings settings(Path data, String... more) {
    ServerOptions options = new ServerOptions();
    CommandSpec command = CommandSpec.create();
    command.addMixin("server", CommandSpec.forAnnotatedObject(options));
    List<String> flags = new ArrayList<>();
    flags.add("--data-dir=" + data);
    flags.add("--listen-client-urls=http://127.0.0.1:0");
    flags.add("--listen-peer-urls=http://127.0.0.1:0");
    flags.addAll(List.of(more));
    new CommandLine(command)
        .setOverwrittenOptionsAllowed(true)
        .parseArgs(flags.toArray(String[]::new));
    return options.settings().build();
  }

  /** The flag that names a server to a command. */
  static String endpoint(BalsaServer server) {
    return "--endpoints=127.0.0.1:" + server.clientAddress().getPort();
  }
}
