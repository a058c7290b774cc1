package io.balsa.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the versions of this program and of the protocol. */
@Command(
    name = "version",
    description = "Prints the version of Balsa, and that of etcd's API which it speaks.",
    footer = {"", "Example:", "  balsa version"})
final class VersionCommand implements Runnable {
  /** As in the versions that servers report to clients: 3.7.x. */
  private static final String API = "3.7";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println("balsa version: " + ProgramVersion.version());
    spec.commandLine().getOut().println("API version: " + API);
  }
}
