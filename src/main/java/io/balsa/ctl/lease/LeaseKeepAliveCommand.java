package io.balsa.ctl.lease;

import io.balsa.client.EtcdClient;
import io.balsa.client.LeaseRenewal;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.LeaseId;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.LeaseText;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Renews a lease. */
@Command(
    name = "keep-alive",
    description = "Renews a lease three times per time to live, until it is interrupted.",
    mixinStandardHelpOptions = true)
final class LeaseKeepAliveCommand implements Callable<Integer> {
  private static final int RENEWALS_PER_TTL = 3;

  @Spec private CommandSpec command;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the lease, as 'balsa lease grant' prints it")
  private String lease = "";

  @Option(names = "--once", description = "renew it once and exit")
  private boolean once;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    long id = LeaseId.parse("ID", lease);
    try (EtcdClient etcd = client.client()) {
      LeaseRenewal renewal = new LeaseRenewal(etcd, id);
      LeaseKeepAliveResponse answer = renew(renewal);
      if (once) {
        return answer.getTTL() > 0 ? 0 : notFound();
      }
      while (answer.getTTL() > 0) {
        TimeUnit.MILLISECONDS.sleep(TimeUnit.SECONDS.toMillis(answer.getTTL()) / RENEWALS_PER_TTL);
        answer = renew(renewal);
      }
      output.printLine("lease " + LeaseText.id(id) + " expired or revoked.");
      return 0;
    }
  }

  private LeaseKeepAliveResponse renew(LeaseRenewal renewal) throws RequestFailed {
    LeaseKeepAliveResponse answer = renewal.once(client.timeout());
    if (answer.getTTL() > 0) {
      output.print(answer, LeaseText.of(answer));
    }
    return answer;
  }

  private int notFound() {
    PrintWriter err = command.commandLine().getErr();
    err.println(command.qualifiedName() + ": etcdserver: requested lease not found");
    return 1;
  }
}
