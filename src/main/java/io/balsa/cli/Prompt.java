package io.balsa.cli;

import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Playground;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;

/** The playground's prompt on a terminal. */
final class Prompt implements AutoCloseable {
  static final String HELP =
      """
      put KEY VALUE        give a key a value
      get KEY [--prefix]   read; takes the options of 'balsa get'
      del KEY [--prefix]   delete
      compact REVISION     compact the history before it
      status               show the state of the servers
      kill N|leader        end a server as kill -9 does
      stop N|leader        end a server gracefully
      start N              start it again
      pause N|leader       suspend it
      resume N             continue it
      quit                 end all processes; the data stay\
      """;

  private final Terminal terminal;
  private final LineReader reader;

  private Prompt(Terminal terminal) {
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer(
                new StringsCompleter(
                    "put", "get", "del", "compact", "status", "kill", "stop", "start", "pause",
                    "resume", "help", "quit", "leader"))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  /** Opens the terminal. Ctrl+C does not end the process while the prompt is open. */
  static Prompt open() throws IOException {
    return new Prompt(
        TerminalBuilder.builder()
            .nativeSignals(true)
            .signalHandler(Terminal.SignalHandler.SIG_IGN)
            .build());
  }

  /** Prints a line above the line that is being typed. */
  void say(String line) {
    reader.printAbove(line);
  }

  /** Reads and executes lines until the user quits. */
  void run(Playground playground) {
    boolean more = true;
    while (more) {
      more = execute(playground, read());
    }
  }

  private PromptLine read() {
    try {
      return PromptLine.parse(reader.readLine("balsa> "));
    } catch (UserInterruptException _) {
      return new PromptLine.Wrong("'quit' ends the playground");
    } catch (EndOfFileException _) {
      return new PromptLine.Quit();
    }
  }

  private boolean execute(Playground playground, PromptLine line) {
    PrintWriter out = terminal.writer();
    switch (line) {
      case PromptLine.Nothing _ -> out.flush();
      case PromptLine.Help _ -> out.println(HELP);
      case PromptLine.Wrong wrong -> out.println(wrong.line());
      case PromptLine.Act act -> act(playground, act);
      case PromptLine.Client client -> ask(playground, client);
      case PromptLine.Quit _ -> {
        return false;
      }
    }
    out.flush();
    return true;
  }

  private void act(Playground playground, PromptLine.Act act) {
    try {
      playground.act(act.action(), act.server());
    } catch (InstrumentFailure failed) {
      terminal.writer().println(failed.getMessage());
    }
  }

  private void ask(Playground playground, PromptLine.Client client) {
    boolean servers = client.words().getFirst().equals("status");
    List<String> words = new ArrayList<>(client.words());
    words.add(
        "--endpoints=" + (servers ? playground.serverAddresses() : playground.proxyAddress()));
    if (servers) {
      words.add("--command-timeout=1s");
    }
    CommandLine command = Main.commandLine();
    command.setOut(terminal.writer());
    command.setErr(terminal.writer());
    var _ = Main.execute(command, words.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
