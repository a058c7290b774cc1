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

  /** It was not answered, or its outcome is unknown. */
  record Failed(Failure failure) implements Outcome {}

  /** Why a request was not answered. */
  enum Failure {
    /** There was no leader for as long as a request may take; nothing was written. */
    NO_LEADER,
    /** No answer in time; a write may still happen. */
    TIMED_OUT,
    /** No answer in time, and the leader was lost meanwhile; a write may still happen. */
    TIMED_OUT_LEADER_LOST,
    /** Too much is waiting; nothing was written. */
    TOO_MANY_REQUESTS,
    /** Answers that clients have not read leave no room for another one; nothing was done. */
    NO_ROOM,
    /** The client left before anything was done. */
    CANCELLED,
    /** The write was done, but there was no room for its answer. */
    ANSWER_DROPPED,
    /** The request was done, but its answer could not be made. */
    ANSWER_FAILED,
    /** The answer to a read is larger than an answer may be. */
    RESPONSE_TOO_LARGE,
    /** A read failed because of a fault of this server; the log names the fault. */
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
