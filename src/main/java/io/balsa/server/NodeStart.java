package io.balsa.server;

import io.balsa.logging.LogEvent;
import io.balsa.node.Node;
import io.balsa.node.StartupFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits until a node runs: at once, or after its damaged log was repaired. */
final class NodeStart implements Node.Starting {
  private static final LogEvent REPAIRING =
      LogEvent.warn(
          "io.balsa.server",
          "the log is damaged and being repaired from the other members, this server neither votes"
              + " nor serves",
          "start the other members; check the disk");

  private static final long LOOK_MILLIS = 100;

  private final CompletableFuture<Node> node = new CompletableFuture<>();
  private final ServerHost host;
  private final BooleanSupplier cancelled;

  NodeStart(ServerHost host, BooleanSupplier cancelled) {
    this.host = host;
    this.cancelled = cancelled;
  }

  @Override
  public void repairing(String damage) {
    REPAIRING.log("damage", damage);
  }

  @Override
  public void started(Node started) {
    node.complete(started);
  }

  @Override
  public void failed(StartupFailure failure) {
    node.completeExceptionally(failure);
  }

  /** The node that runs. */
  Node await() throws StartupFailure, ServerFailure {
    try {
      CompletableFuture<Object> either = CompletableFuture.anyOf(node, host.halted());
      while (!isDone(either)) {
        if (cancelled.getAsBoolean()) {
          throw ServerFailure.asked("before its damaged log was repaired");
        }
      }
      return running();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerFailure("interrupted before it ran", e);
    }
  }

  private static boolean isDone(CompletableFuture<Object> future) throws InterruptedException {
    try {
      var _ = future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException _) {
      return true;
    }
  }

  private Node running() throws InterruptedException, StartupFailure, ServerFailure {
    if (host.halted().isDone()) {
      throw new ServerFailure(host.halted().join());
    }
    try {
      return node.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StartupFailure failure) {
        throw failure;
      }
      throw new ServerFailure(String.valueOf(e.getCause()), e);
    }
  }
}
