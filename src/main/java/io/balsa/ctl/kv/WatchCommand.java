package io.balsa.ctl.kv;

import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ResumingWatch;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.FailureText;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.TerminalNotes;
import io.balsa.ctl.Words;
import io.balsa.forms.EventText;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints changes of keys until it is interrupted. */
@Command(
    name = "watch",
    description = {
      "Prints the changes of a key or a range of keys until it is interrupted.",
      "When a server fails, the watch continues at the next one and misses no change."
    },
    footer = {
      "",
      "Examples:",
      "  balsa watch greeting",
      "  balsa watch --prefix users/ --rev=42 --prev-kv -o json",
      "  balsa watch greeting -- sh -c 'echo \"$ETCD_WATCH_VALUE\"'",
      "  balsa watch -i    # then lines such as: watch --prefix users/",
      "                    # progress    # how far the watches are"
    })
public final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private WatchOptions options = new WatchOptions();

  @Option(
      names = {"-i", "--interactive"},
      description = "read lines that begin with watch or progress")
  private boolean interactive;

  private final Map<String, String> environment = System.getenv();
  private final Object printing = new Object();
  private final List<ResumingWatch> watches = new ArrayList<>();
  private volatile boolean ending;

  @Override
  public Integer call() throws RequestFailed, InterruptedException, IOException {
    var _ = WatchOptions.inEnvironment(environment);
    if (interactive) {
      return serveLines();
    }
    List<String> typed = command.commandLine().getParseResult().originalArgs();
    WatchOptions.Wanted wanted = options.wanted(typed, environment);
    try (EtcdClient etcd = client.client()) {
      return show(feed(etcd, wanted), new EventCommand(wanted.command()));
    }
  }

  private ResumingWatch feed(EtcdClient etcd, WatchOptions.Wanted wanted) {
    return new ResumingWatch(etcd, wanted.request(), client.timeout(), this::sayLost);
  }

  private int show(ResumingWatch feed, EventCommand toRun)
      throws RequestFailed, InterruptedException {
    while (true) {
      WatchResponse response = feed.next();
      synchronized (printing) {
        if (EventText.isProgress(response)) {
          output.printLine(EventText.progress(response));
        }
        output.print(response, lines -> print(lines, response));
        toRun.run(response);
      }
      if (response.getCanceled()) {
        command.commandLine().getErr().println(EventText.ending(response));
        return 1;
      }
    }
  }

  /** Follows the lines of standard input; ends with them, as etcdctl does. */
  private int serveLines() throws IOException {
    TerminalNotes.awaitInput("lines such as 'watch KEY' or 'progress'");
    try (EtcdClient etcd = client.client()) {
      followLines(etcd);
    }
    throw new BadInput(
        "standard input has ended; keep it open for as long as the watches are to run");
  }

  private void followLines(EtcdClient etcd) throws IOException {
    InputLines input = new InputLines(System.in);
    try {
      String line = input.next();
      while (line != null && !Thread.currentThread().isInterrupted()) {
        follow(etcd, line);
        line = input.next();
      }
    } finally {
      // The client is closed next. Its watches fail then, and nobody is to read of that.
      ending = true;
    }
  }

  private void follow(EtcdClient etcd, String line) {
    try {
      List<String> words = Words.split(line);
      switch (words.isEmpty() ? "" : words.getFirst()) {
        case "watch" -> begin(etcd, words.subList(1, words.size()));
        case "progress" -> watches.forEach(ResumingWatch::askProgress);
        case "" -> say("Invalid command: " + line + " (watch and progress supported)");
        default -> say("Invalid command " + line + " (only support watch)");
      }
    } catch (BadInput wrong) {
      say("Invalid command " + line + " (" + wrong.getMessage() + ")");
    }
  }

  private void begin(EtcdClient etcd, List<String> words) {
    WatchOptions.Wanted wanted =
        WatchOptions.parse(words, environment).progressToo(options.progressNotify());
    ResumingWatch feed = feed(etcd, wanted);
    watches.add(feed);
    Thread.ofPlatform()
        .daemon()
        .name("watch " + watches.size())
        .start(() -> showOne(feed, new EventCommand(wanted.command())));
  }

  private void showOne(ResumingWatch feed, EventCommand toRun) {
    try {
      var _ = show(feed, toRun);
    } catch (RequestFailed | BadInput failed) {
      say(command.qualifiedName() + ": " + FailureText.line(failed, client));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String line) {
    if (ending) {
      return;
    }
    synchronized (printing) {
      command.commandLine().getErr().println(line);
      command.commandLine().getErr().flush();
    }
  }

  private void sayLost(RequestFailed why) {
    say(command.qualifiedName() + ": " + FailureText.line(why, client) + "; trying again");
  }

  private void print(Lines lines, WatchResponse response) {
    if (output.form() == Form.table) {
      EventText.printRows(lines, response);
    } else {
      EventText.print(lines, response);
    }
  }
}
