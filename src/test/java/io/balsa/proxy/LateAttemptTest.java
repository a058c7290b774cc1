package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.Endpoints;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer.Behaviour;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.routing.ReadPolicy;
import io.balsa.routing.RequestKind;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LateAttemptTest {
  private ScriptedCluster cluster;
  private Endpoints endpoints;
  private Router router;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    endpoints = new Endpoints(cluster.addresses(), 1, 4 << 20);
    router =
        new Router(ReadPolicy.KEY, endpoints, new ProxyMetrics(), new UnaryRequestBudget(1 << 20));
    router.begin();
    until(() -> router.serves() && router.cluster().nearest().size() == 3);
  }

  @AfterEach
  void close() {
    router.stop();
    endpoints.close();
    cluster.close();
  }

  @Test
  void theEndOfAnEarlierOneAtTheSameServerTakesNothingFromTheNext() throws Exception {
    cluster.server(2).behave(Behaviour.HANGS);
    Bytes key = Bytes.wrap(ProxiedCluster.key(0).toByteArray());
    Endpoint target = router.targets(new RequestKind.KeyRead(key)).getFirst();
    AnsweredCall client = new AnsweredCall(KVGrpc.getRangeMethod());
    ProxiedCall passage = new ProxiedCall(router, client, new Metadata(), UnaryOperator.identity());
    passage.onMessage(
        Bytes.wrap(RangeRequest.newBuilder().setKey(ProxiedCluster.key(0)).build().toByteArray()));
    passage.onHalfClose();
    until(() -> cluster.server(2).arrivals().size() == 1);

    passage.ended(new Attempt(passage, target, null), Status.CANCELLED, new Metadata());

    assertThat(client.ended().get(20, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(cluster.server(3).arrivals()).hasSize(1);
  }
}
