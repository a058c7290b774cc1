package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ResumingWatch;
import io.balsa.ctl.Addresses;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.FailureText;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.KeyRange;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.EventText;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies keys to another cluster, and then each change, until it is interrupted. */
@Command(
    name = "make-mirror",
    description = {
      "Copies keys to another cluster, and then each change, until it is interrupted.",
      "Every 30 s it prints how many changes it has copied."
    },
    footer = {
      "",
      "Examples:",
      "  balsa make-mirror 10.0.0.9:2379",
      "  balsa make-mirror --prefix users/ --dest-prefix copy/ 10.0.0.9:2379"
    })
public final class MakeMirrorCommand implements Callable<Integer> {
  private static final long PRINT_SECONDS = 30;

  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "DESTINATION", description = "a server of the other cluster: HOST:PORT")
  private String destination = "";

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      converter = KeyBytes.class,
      description = "copy the keys that begin with it (all)")
  private ByteString prefix = ByteString.EMPTY;

  @Option(
      names = "--dest-prefix",
      paramLabel = "PREFIX",
      converter = KeyBytes.class,
      description = "what the copies begin with instead of --prefix")
  private ByteString destinationPrefix = ByteString.EMPTY;

  @Option(names = "--no-dest-prefix", description = "copy the keys without --prefix")
  private boolean noDestinationPrefix;

  @Option(
      names = "--rev",
      paramLabel = "N",
      description = "copy the changes from that revision on, and nothing before")
  private long revision;

  @Option(
      names = "--max-txn-ops",
      paramLabel = "N",
      description = "changes in one transaction at most (${DEFAULT-VALUE})")
  private int operationsMax = 128;

  @Option(names = "--dest-cert", hidden = true, description = "refused: no TLS yet")
  private @Nullable String cert;

  @Option(names = "--dest-key", hidden = true, description = "refused: no TLS yet")
  private @Nullable String key;

  @Option(names = "--dest-cacert", hidden = true, description = "refused: no TLS yet")
  private @Nullable String caCert;

  @Option(names = "--dest-user", hidden = true, description = "refused: no users yet")
  private @Nullable String user;

  @Option(names = "--dest-password", hidden = true, description = "refused: no users yet")
  private @Nullable String password;

  @Option(
      names = "--dest-insecure-transport",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "only true: no TLS yet")
  private boolean insecure = true;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    refuse();
    List<HostPort> to = Addresses.list("DESTINATION", destination);
    try (EtcdClient etcd = client.client();
        EtcdCalls source = client.calls();
        EtcdCalls other = client.repeatingCallsAt(to)) {
      ByteString put =
          noDestinationPrefix || !destinationPrefix.isEmpty() ? destinationPrefix : prefix;
      Mirror mirror = new Mirror(other, prefix, put, operationsMax);
      try (ScheduledExecutorService clock = printing(mirror)) {
        try {
          long next = revision > 1 ? revision : mirror.copyBase(source, client.timeout()) + 1;
          return follow(etcd, mirror, next);
        } finally {
          clock.shutdownNow();
        }
      }
    }
  }

  private ScheduledExecutorService printing(Mirror mirror) {
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("count").factory());
    var _ =
        clock.scheduleAtFixedRate(
            () -> output.printLine(String.valueOf(mirror.total())),
            PRINT_SECONDS,
            PRINT_SECONDS,
            TimeUnit.SECONDS);
    return clock;
  }

  private int follow(EtcdClient etcd, Mirror mirror, long next)
      throws RequestFailed, InterruptedException {
    KeyRange range = KeyRange.of(prefix, null, true, false);
    WatchCreateRequest request =
        WatchCreateRequest.newBuilder()
            .setKey(range.key())
            .setRangeEnd(range.end())
            .setStartRevision(next)
            .build();
    try (ResumingWatch feed = new ResumingWatch(etcd, request, client.timeout(), this::sayLost)) {
      WatchResponse response = feed.next();
      while (!response.getCanceled()) {
        mirror.copy(response);
        response = feed.next();
      }
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + EventText.ending(response));
      return 1;
    }
  }

  private void sayLost(RequestFailed why) {
    String line = FailureText.line(why, client);
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + line + "; trying again");
  }

  private void refuse() {
    Map<String, @Nullable String> asked = new LinkedHashMap<>();
    asked.put("--dest-cert", cert);
    asked.put("--dest-key", key);
    asked.put("--dest-cacert", caCert);
    asked.put("--dest-insecure-transport=false", insecure ? null : "false");
    asked.put("--dest-user", user);
    asked.put("--dest-password", password);
    asked.forEach(
        (option, value) -> {
          if (value != null && !value.isEmpty()) {
            boolean users = option.contains("user") || option.contains("password");
            String what = users ? "users are" : "TLS is";
            throw new BadInput(option + ": " + what + " not built yet; leave it out");
          }
        });
    if (noDestinationPrefix && !destinationPrefix.isEmpty()) {
      throw new BadInput("give --dest-prefix or --no-dest-prefix, not both");
    }
    if (operationsMax < 1) {
      throw new BadInput("--max-txn-ops: '" + operationsMax + "' is not a number from 1 on");
    }
  }
}
