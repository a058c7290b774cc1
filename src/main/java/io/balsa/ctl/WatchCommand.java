package io.balsa.ctl;

import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ResumingWatch;
import io.balsa.forms.EventText;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
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
      "  balsa watch --prefix users/ --rev=42 --prev-kv -o json"
    })
public final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Mixin private KeyRangeOptions keys = new KeyRangeOptions();

  @Option(names = "--rev", paramLabel = "N", description = "start at that revision (the next one)")
  private long revision;

  @Option(names = "--prev-kv", description = "also print the previous key and value")
  private boolean prevKv;

  @Option(names = "--progress-notify", description = "print progress notifications")
  private boolean progressNotify;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    try (EtcdClient etcd = client.client()) {
      ResumingWatch feed = new ResumingWatch(etcd, request(), client.timeout(), this::sayLost);
      while (true) {
        WatchResponse response = feed.next();
        if (EventText.isProgress(response)) {
          output.printLine(EventText.progress(response));
        }
        output.print(response, lines -> print(lines, response));
        if (response.getCanceled()) {
          command.commandLine().getErr().println(EventText.ending(response));
          return 1;
        }
      }
    }
  }

  private void sayLost(RequestFailed why) {
    command
        .commandLine()
        .getErr()
        .println(command.qualifiedName() + ": " + FailureText.line(why, client) + "; trying again");
  }

  private void print(Lines lines, WatchResponse response) {
    if (output.form == Form.table) {
      EventText.printRows(lines, response);
    } else {
      EventText.print(lines, response);
    }
  }

  private WatchCreateRequest request() {
    KeyRange range = keys.range();
    return WatchCreateRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setStartRevision(revision)
        .setPrevKv(prevKv)
        .setProgressNotify(progressNotify)
        .build();
  }
}
