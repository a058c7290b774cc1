package io.balsa.ctl.cluster;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.KeyRange;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of both checks, and what is done before and after their loads. */
final class CheckOptions {
  @Option(
      names = "--load",
      paramLabel = "s|m|l|xl",
      description = "how much load: small, medium, large or xLarge (${DEFAULT-VALUE})")
  String load = "s";

  @Option(names = "--auto-compact", description = "compact the history when the check is over")
  private boolean compact;

  @Option(names = "--auto-defrag", description = "defragment each endpoint when it is over")
  private boolean defrag;

  /** Which of four loads was asked for, from 0. */
  int size() {
    return switch (load.toLowerCase(Locale.ROOT)) {
      case "s", "small" -> 0;
      case "m", "medium" -> 1;
      case "l", "large" -> 2;
      case "xl", "xlarge" -> 3;
      default ->
          throw new BadInput(
              "--load: '" + load + "' is unknown; give small, medium, large or xLarge");
    };
  }

  /** Refuses a prefix that has keys: they would be deleted afterwards. */
  static void refuseKeys(ClientOptions client, String prefix) throws RequestFailed {
    KeyRange range = KeyRange.of(RawText.bytes(prefix), null, true, false);
    RangeRequest request =
        RangeRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end()).setLimit(1).build();
    RangeResponse found = client.ask(calls -> calls.range(request));
    if (found.getKvsCount() > 0) {
      throw new BadInput(
          "prefix \"%s\" has keys; delete them with 'balsa del --prefix %s' first"
              .formatted(prefix, prefix));
    }
  }

  /** Deletes the keys of the load, and does what the options ask for. */
  void cleanUp(ClientOptions client, String prefix, PrintWriter out) throws RequestFailed {
    KeyRange range = KeyRange.of(RawText.bytes(prefix), null, true, false);
    DeleteRangeRequest request =
        DeleteRangeRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end()).build();
    DeleteRangeResponse deleted = client.change(calls -> calls.deleteRange(request));
    if (compact) {
      long revision = deleted.getHeader().getRevision();
      out.println("Compacting with revision " + revision);
      CompactionRequest compaction =
          CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build();
      var _ = client.change(calls -> calls.compact(compaction));
      out.println("Compacted with revision " + revision);
    }
    if (defrag) {
      for (EachServer.Server each : new EachServer(client, false).servers()) {
        out.println("Defragmenting \"" + each.endpoint() + "\"");
        try (EtcdCalls calls = client.callsAt(each.address())) {
          var _ = EtcdCalls.await(calls.defragment());
        }
        out.println("Defragmented \"" + each.endpoint() + "\"");
      }
    }
  }
}
