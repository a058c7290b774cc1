package io.balsa.lanes;

import io.balsa.model.Result;

/** How a client's request ended. */
public sealed interface Outcome {
  /**
   * It was answered.
   *
   * @param term the server's term when it was answered
   */
  record Answered(Result result, long term) implements Outcome {}

  /** It was not, or nobody can say. */
  record Failed(Failure failure) implements Outcome {}

  /** Why a request was not answered. */
  enum Failure {
    /** Nobody led for as long as a request may take; nothing was written. */
    NO_LEADER,
    /** No answer in time; a write may still happen. */
    TIMED_OUT,
    /** No answer in time, and the leader was lost meanwhile; a write may still happen. */
    TIMED_OUT_LEADER_LOST,
    /** Too much is waiting; nothing was written. */
    TOO_MANY_REQUESTS,
    /** Answers wait for their readers and leave no room for another; nothing was done. */
    NO_ROOM,
    /** The client has left before anything was done; nobody is told. */
    CANCELLED,
    /** The write was done, but there was no room for its answer. */
    ANSWER_DROPPED,
    /** It was done, but its answer could not be made. */
    ANSWER_FAILED,
    /** The answer to a read is larger than an answer may be. */
    RESPONSE_TOO_LARGE,
    /** A read failed by a fault of this server's; the log says which. */
    READ_FAILED,
    /** This server is stopping; a write may still happen. */
    STOPPED,
    /** Only the leader can do it. */
    NOT_LEADER,
    /** The server named cannot lead. */
    BAD_TRANSFEREE,
    /** The transfer took too long; the old leader leads on. */
    TRANSFER_TIMED_OUT
  }
}
