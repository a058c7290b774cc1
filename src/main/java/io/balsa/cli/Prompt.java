package io.balsa.cli;

import io.balsa.ctl.ClientOptions;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Playground;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
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

  private static final int SERVERS = 3;
  private static final long ECHO_NANOS = 300_000_000;

  /** For this long after one Ctrl+C another one ends the prompt. */
  static final Duration AGAIN = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final LineReader reader;
  private int interrupts;
  private long interruptedAt = System.nanoTime() - AGAIN.toNanos();

  /**
   * What the typed lines are for.
   *
   * @param servers the addresses of the servers, separated by commas
   * @param proxy the address that keys are asked for
   * @param options what else a client needs to reach them
   * @param actions carries out an action on a server
   */
  record Target(
      String servers,
      String proxy,
      Map<String, String> options,
      BiConsumer<Playground.Action, OptionalInt> actions) {
    /** Without the options: one may be a password. */
    @Override
    public String toString() {
      return "Target[servers=" + servers + ", proxy=" + proxy + "]";
    }

    static Target of(Playground playground) {
      return new Target(
          playground.serverAddresses(),
          playground.proxyAddress(),
          playground.clientOptions(),
          playground::act);
    }
  }

  /**
   * A prompt on a terminal, which it closes.
   *
   * @param history the file of the lines that were typed; null for none
   */
  Prompt(Terminal terminal, @Nullable Path history) {
    this.terminal = terminal;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer(new PromptCompleter(SERVERS))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  /** Opens the terminal. Ctrl+C ends what runs at that time, as {@link #interruptible} says. */
  static Prompt open() throws IOException {
    Path history = PromptHistory.file(System.getenv(), System.getProperty("user.home"));
    // jni would need a file in the temporary directory
    TerminalBuilder builder = TerminalBuilder.builder().nativeSignals(true).jni(false);
    return new Prompt(builder.build(), history);
  }

  /**
   * Does work that Ctrl+C interrupts.
   *
   * @return whether it was done to its end
   */
  boolean interruptible(Runnable work) {
    FutureTask<Boolean> task = new FutureTask<>(work, true);
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> task.cancel(true));
    try {
      Thread.ofPlatform().daemon().name("request").start(task);
      return task.get();
    } catch (CancellationException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof InstrumentFailure known) {
        throw known;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
    }
  }

  /** Prints a line above the line that is being typed. */
  void say(String line) {
    reader.printAbove(line);
  }

  /** Reads and executes lines until the user quits. */
  void run(Target target) {
    boolean more = true;
    while (more) {
      more = execute(target, read());
    }
  }

  private PromptLine read() {
    try {
      PromptLine line = PromptLine.parse(reader.readLine("balsa> "));
      interrupts = 0;
      return line;
    } catch (UserInterruptException interrupt) {
      return interrupted(interrupt.getPartialLine());
    } catch (EndOfFileException _) {
      return isEcho() ? new PromptLine.Nothing() : new PromptLine.Quit();
    }
  }

  /**
   * Ctrl+C with nothing running. On a line with text it clears the line. Else the second within
   * {@link #AGAIN} ends the prompt.
   */
  private PromptLine interrupted(@Nullable String typed) {
    boolean echo = isWithin(ECHO_NANOS);
    boolean again = interrupts > 0 && isWithin(AGAIN.toNanos());
    interruptedAt = System.nanoTime();
    var _ = Thread.interrupted(); // else the next line would end at once
    if (echo) {
      return new PromptLine.Nothing();
    }
    if (typed != null && !typed.isBlank()) {
      interrupts = 0;
      return new PromptLine.Nothing();
    }
    if (again) {
      return new PromptLine.Quit();
    }
    interrupts = 1;
    return new PromptLine.Wrong("Ctrl+C again, or 'quit', ends the playground");
  }

  /** One Ctrl+C may arrive as a signal and as a key. */
  private boolean isEcho() {
    return interrupts > 0 && isWithin(ECHO_NANOS);
  }

  private boolean isWithin(long nanos) {
    return System.nanoTime() - interruptedAt < nanos;
  }

  private boolean execute(Target target, PromptLine line) {
    PrintWriter out = terminal.writer();
    switch (line) {
      case PromptLine.Nothing _ -> out.flush();
      case PromptLine.Help _ -> out.println(HELP);
      case PromptLine.Wrong wrong -> out.println(wrong.line());
      case PromptLine.Act act -> untilInterrupted(() -> act(target, act));
      case PromptLine.Client client -> untilInterrupted(() -> ask(target, client));
      case PromptLine.Quit _ -> {
        return false;
      }
    }
    out.flush();
    return true;
  }

  private void untilInterrupted(Runnable work) {
    if (!interruptible(work)) {
      interrupts = 1;
      interruptedAt = System.nanoTime();
      terminal.writer().println("ended; Ctrl+C again ends the playground");
    }
  }

  private void act(Target target, PromptLine.Act act) {
    try {
      target.actions().accept(act.action(), act.server());
    } catch (InstrumentFailure failed) {
      terminal.writer().println(failed.getMessage());
    }
  }

  private void ask(Target target, PromptLine.Client client) {
    CommandLine command = Main.commandLine();
    command.setOut(terminal.writer());
    command.setErr(terminal.writer());
    PromptHints hints = new PromptHints(List.of(target.servers().split(",", -1)));
    for (CommandLine each : command.getSubcommands().values()) {
      ClientOptions options = ClientOptions.of(each.getCommandSpec());
      if (options != null) {
        options.hint(hints);
      }
    }
    String endpoints = client.asksServers() ? target.servers() : target.proxy();
    var _ =
        Main.execute(command, client.command(endpoints, target.options()).toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
