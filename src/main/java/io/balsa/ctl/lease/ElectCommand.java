package io.balsa.ctl.lease;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdClient;
import io.balsa.client.QueueHead;
import io.balsa.client.QueuePlace;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AnswerText;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Campaigns in an election, or shows its leader. */
@Command(
    name = "elect",
    description = {
      "Campaigns in an election with VALUE and leads until it is interrupted;",
      "or prints the leader and every change of leader."
    },
    footer = {"", "Examples:", "  balsa elect boss \"$HOSTNAME\"", "  balsa elect --listen boss"})
public final class ElectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = KeyBytes.class,
      description = "the election")
  private ByteString name = ByteString.EMPTY;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      converter = KeyBytes.class,
      description = "the value that others see while this process leads")
  private @Nullable ByteString value;

  @Option(
      names = {"-l", "--listen"},
      description = "print the leader")
  private boolean listen;

  @Option(
      names = "--ttl",
      paramLabel = "SECONDS",
      description = "time after which others may lead if this process dies (${DEFAULT-VALUE})")
  private long ttl = 60;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    if (listen) {
      return value == null ? listen() : refuse("VALUE and --listen do not go together");
    }
    return value == null
        ? refuse("give a VALUE or --listen")
        : new HeldLock(spec, client, HeldLock.Prize.LEADERSHIP, ttl).run(name, value, this::lead);
  }

  private static int refuse(String why) {
    throw new BadInput(why);
  }

  private int lead(QueuePlace place, RangeResponse own, CompletableFuture<?> over)
      throws InterruptedException {
    print(own);
    HeldLock.awaitFirst(over, over);
    return 0;
  }

  private int listen() throws RequestFailed, InterruptedException {
    try (EtcdClient etcd = client.client();
        QueueHead head = new QueueHead(etcd, name, client.timeout())) {
      while (true) {
        print(head.next());
      }
    }
  }

  private void print(RangeResponse leader) {
    output.print(leader, lines -> AnswerText.print(lines, leader), () -> AnswerText.table(leader));
  }
}
