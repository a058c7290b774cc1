package io.balsa.attack;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The keys of a store before an attack: many small ones and some large ones.
 *
 * @param small the number of keys of 256 bytes, below {@link #SMALL}
 * @param large the number of keys of 100 kB, below {@link #LARGE}
 */
public record AttackData(int small, int large) {
  static final String SMALL = "abuse/small/";
  static final String LARGE = "abuse/large/";

  /** One key whose value has nearly the size of the largest request. */
  static final String HUGE = "abuse/huge";

  static final int SMALL_BYTES = 256;
  static final int LARGE_BYTES = 100_000;
  static final int HUGE_BYTES = 1_400_000;

  private static final int OPS = 128;
  private static final int CLIENTS = 4;
  private static final long LIMIT_MILLIS = 30_000;
  private static final int TRIES = 10;

  /** Puts the keys through a server or proxy. */
  public void fill(HostPort address) {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (AttackConnection connection = new AttackConnection(address, loops, new AttackOutcomes())) {
      put(
          connection,
          TxnRequest.newBuilder()
              .addSuccess(AttackRequests.op(AttackRequests.put(HUGE, of(HUGE_BYTES)))));
      fill(connection, SMALL, small, SMALL_BYTES, OPS);
      fill(connection, LARGE, large, LARGE_BYTES, 10);
    } finally {
      var _ = loops.shutdownGracefully();
    }
  }

  private static void fill(
      AttackConnection connection, String prefix, int keys, int bytes, int each) {
    AtomicInteger next = new AtomicInteger();
    var threads =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                _ ->
                    Thread.ofVirtual()
                        .start(() -> fill(connection, prefix, keys, bytes, each, next)))
            .toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void fill(
      AttackConnection connection,
      String prefix,
      int keys,
      int bytes,
      int each,
      AtomicInteger next) {
    ByteString value = of(bytes);
    for (int from = next.getAndAdd(each); from < keys; from = next.getAndAdd(each)) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = from; i < Math.min(keys, from + each); i++) {
        txn.addSuccess(AttackRequests.op(AttackRequests.put(prefix + "%08d".formatted(i), value)));
      }
      put(connection, txn);
    }
  }

  private static void put(AttackConnection connection, TxnRequest.Builder txn) {
    for (int tried = 1; ; tried++) {
      try {
        connection.get(KVGrpc.getTxnMethod(), txn.build(), LIMIT_MILLIS);
        return;
      } catch (StatusRuntimeException failed) {
        if (tried == TRIES) {
          throw failed;
        }
      }
    }
  }

  /** A value of this size. */
  static ByteString of(int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) 'v');
    return ByteString.copyFrom(value);
  }
}
