package io.balsa.proxy;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** The client side of a watch stream: the revisions of the received events, and the progress. */
final class TestWatcher implements StreamObserver<WatchResponse> {
  private final List<Long> revisions = new ArrayList<>();
  private final List<Long> createdIds = new ArrayList<>();
  private final List<Long> canceledIds = new ArrayList<>();
  private final List<Long> eventIds = new ArrayList<>();
  private long progress;
  private long compacted;
  private int responses;
  private Status ended = Status.OK;

  @Override
  public synchronized void onNext(WatchResponse response) {
    responses += response.getEventsCount() > 0 ? 1 : 0;
    compacted = Math.max(compacted, response.getCompactRevision());
    if (response.getCreated()) {
      createdIds.add(response.getWatchId());
    } else if (response.getCanceled()) {
      canceledIds.add(response.getWatchId());
    }
    for (Event event : response.getEventsList()) {
      revisions.add(event.getKv().getModRevision());
      eventIds.add(response.getWatchId());
    }
    if (response.getWatchId() == -1 && !response.getCreated()) {
      progress = response.getHeader().getRevision();
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    ended = Status.fromThrowable(failure);
  }

  @Override
  public synchronized void onCompleted() {
    ended = Status.UNKNOWN;
  }

  synchronized List<Long> revisions() {
    return List.copyOf(revisions);
  }

  /** How many creations were confirmed or refused. */
  synchronized int created() {
    return createdIds.size();
  }

  synchronized List<Long> createdIds() {
    return List.copyOf(createdIds);
  }

  synchronized List<Long> canceledIds() {
    return List.copyOf(canceledIds);
  }

  /** The watch id of each event. */
  synchronized List<Long> eventIds() {
    return List.copyOf(eventIds);
  }

  synchronized long progress() {
    return progress;
  }

  synchronized Status ended() {
    return ended;
  }

  /** The compact revision in the answer that cancelled a watch. */
  synchronized long compacted() {
    return compacted;
  }

  /** The number of responses with events. */
  synchronized int responses() {
    return responses;
  }
}
