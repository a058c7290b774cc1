package io.balsa.api;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.model.WriteId;
import io.balsa.rpc.WriteHeaders;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The name of a write in the call's metadata, with which a client can send it again.
 *
 * <ul>
 *   <li>{@code balsa-client-id}: an unsigned number other than 0
 *   <li>{@code balsa-sequence}: a number from 1 on
 *   <li>{@code balsa-client-since}: an index that was applied before the client took its id
 *   <li>{@code balsa-first}: optional; the name is sent for the first time
 * </ul>
 *
 * <p>The answer's headers say in {@code balsa-remembers} how many writes of a client the server
 * remembers. If {@code balsa-client-since} is missing, or the call fails, {@code balsa-applied} has
 * the index that this server has applied.
 */
final class WriteNameHeaders {
  private static final Context.Key<WriteId> WRITE = Context.key("write");
  private static final Context.Key<Boolean> FIRST = Context.key("first");
  private static final Status WRONG =
      Status.INVALID_ARGUMENT.withDescription(
          "balsa: balsa-client-id must be a number other than 0, balsa-sequence one from 1 on");
  private static final Status WRONG_SINCE =
      Status.INVALID_ARGUMENT.withDescription(
          "balsa: balsa-client-since must be an index that was applied, from 0 on");

  private WriteNameHeaders() {}

  /** The name of the current call's write. */
  static WriteId current() {
    WriteId write = WRITE.get();
    return write == null ? WriteId.NONE : write;
  }

  /** Whether an earlier call with the same name may have done the current call's write. */
  static boolean mayBeDone() {
    return WRITE.get() != null && FIRST.get() == null;
  }

  /** Starts a call with the name from its metadata. */
  static <Q, A> ServerCall.Listener<Q> begin(
      ServerCall<Q, A> call,
      Metadata metadata,
      ServerCallHandler<Q, A> next,
      LongSupplier applied) {
    String client = metadata.get(WriteHeaders.CLIENT);
    if (client == null) {
      return next.startCall(call, metadata);
    }
    long since = since(metadata.get(WriteHeaders.SINCE));
    WriteId write = parse(client, metadata.get(WriteHeaders.SEQUENCE), since);
    if (write == null || since < 0) {
      call.close(write == null ? WRONG : WRONG_SINCE, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context named = Context.current().withValue(WRITE, write);
    if (metadata.containsKey(WriteHeaders.FIRST)) {
      named = named.withValue(FIRST, true);
    }
    return Contexts.interceptCall(named, telling(call, since == 0, applied), metadata, next);
  }

  /** A client id without a sequence only asks whether the server supports names. */
  private static @Nullable WriteId parse(String client, @Nullable String sequence, long since) {
    try {
      long id = Long.parseUnsignedLong(client);
      long number = sequence == null ? 0 : Long.parseLong(sequence);
      if (sequence == null) {
        return WriteId.NONE;
      }
      return id == 0 || number < 1 ? null : new WriteId(id, number, since);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** Negative if the text is not an index. */
  private static long since(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /**
   * Adds the headers to an answer. A refusal may have no headers, so its trailers have the applied
   * index: a client whose writes are forgotten needs it.
   */
  private static <Q, A> ServerCall<Q, A> telling(
      ServerCall<Q, A> call, boolean ageless, LongSupplier applied) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata headers) {
        headers.put(WriteHeaders.REMEMBERS, String.valueOf(ProtocolLimits.WRITE_WINDOW));
        if (ageless) {
          tellApplied(headers);
        }
        super.sendHeaders(headers);
      }

      @Override
      public void close(Status status, Metadata trailers) {
        if (!status.isOk()) {
          tellApplied(trailers);
        }
        super.close(status, trailers);
      }

      private void tellApplied(Metadata of) {
        of.put(WriteHeaders.APPLIED, String.valueOf(applied.getAsLong()));
      }
    };
  }
}
