package io.balsa.cli;

import io.balsa.cli.RangeOptions.KeyRange;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.WatchFeed;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what happens to keys, until it is interrupted. */
@Command(
    name = "watch",
    description = {
      "Prints what happens to a key or a range of keys, until it is interrupted.",
      "When a server is gone it goes on at the next one, and misses nothing."
    },
    footer = {
      "",
      "Examples:",
      "  balsa watch greeting",
      "  balsa watch --prefix users/ --rev=42 --prev-kv -o json"
    })
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(index = "0", paramLabel = "KEY", description = "the key, or where the range begins")
  private String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "END",
      description = "the first key after the range")
  private @Nullable String end;

  @Option(names = "--prefix", description = "all keys that begin with KEY")
  private boolean prefix;

  @Option(names = "--from-key", description = "all keys from KEY on")
  private boolean fromKey;

  @Option(names = "--rev", paramLabel = "N", description = "begin with that revision (from now on)")
  private long revision;

  @Option(names = "--prev-kv", description = "give what was there before")
  private boolean prevKv;

  @Option(names = "--progress-notify", description = "say now and then how far the store is")
  private boolean progressNotify;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    try (EtcdClient etcd = EtcdClient.open(client.addresses())) {
      WatchFeed feed = new WatchFeed(etcd, request());
      while (true) {
        WatchResponse response = feed.next();
        output.print(response, EventText.of(response), EventText.table(response));
        PrintWriter out = command.commandLine().getOut();
        out.flush();
        if (response.getCanceled()) {
          command.commandLine().getErr().println(EventText.ending(response));
          return 1;
        }
      }
    }
  }

  private WatchCreateRequest request() {
    KeyRange range = KeyRange.of(key, end, prefix, fromKey);
    return WatchCreateRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setStartRevision(revision)
        .setPrevKv(prevKv)
        .setProgressNotify(progressNotify)
        .build();
  }
}
