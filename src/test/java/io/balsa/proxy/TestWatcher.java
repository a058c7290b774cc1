package io.balsa.proxy;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** The client's end of a watch stream: the revisions of the events told, and how far it is. */
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

  /** How often a watch was said to be there, or refused. */
  synchronized int created() {
    return createdIds.size();
  }

  synchronized List<Long> createdIds() {
    return List.copyOf(createdIds);
  }

  synchronized List<Long> canceledIds() {
    return List.copyOf(canceledIds);
  }

  /** The watch of each event. */
  synchronized List<Long> eventIds() {
    return List.copyOf(eventIds);
  }

  synchronized long progress() {
    return progress;
  }

  synchronized Status ended() {
    return ended;
  }

  /** The revision from which on there is a past, as a watch was told that was cancelled. */
  synchronized long compacted() {
    return compacted;
  }

  /** How many responses brought events. */
  synchronized int responses() {
    return responses;
  }
}
