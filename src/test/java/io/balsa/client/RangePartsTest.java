package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.balsa.api.EtcdProcess;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At a server of etcd without RangeStream, the parts are pages. */
class RangePartsTest {
  @Test
  void aServerWithoutRangeStreamIsReadInPages() throws IOException, RequestFailed {
    boolean mustBeThere = "true".equals(System.getenv("CI"));
    assumeTrue(mustBeThere || EtcdProcess.installed().isPresent());
    try (EtcdProcess etcd = EtcdProcess.start(EtcdProcess.installed().orElseThrow())) {
      HostPort address = HostPort.parse("127.0.0.1:" + etcd.port());
      new AttackData(2_500, 0).fill(address);

      assertThat(keys(address, 0)).hasSize(2_500).isSorted().doesNotHaveDuplicates();
      assertThat(keys(address, 1_700)).hasSize(1_700);
    }
  }

  private static List<String> keys(HostPort address, long limit) throws RequestFailed {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("abuse/small/"))
            .setRangeEnd(ByteString.copyFromUtf8("abuse/small0"))
            .setLimit(limit)
            .build();
    List<String> keys = new ArrayList<>();
    Duration limitOfTime = Duration.ofSeconds(10);
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), limitOfTime);
        RangeParts parts = new RangeParts(calls, request, limitOfTime)) {
      for (RangeResponse part = parts.next(); part != null; part = parts.next()) {
        part.getKvsList().forEach(kv -> keys.add(kv.getKey().toStringUtf8()));
      }
    }
    return keys;
  }
}
