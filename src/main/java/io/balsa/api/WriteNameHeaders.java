package io.balsa.api;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.model.WriteId;
import io.balsa.proto.WriteHeaders;
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
 * The name that a client gave a write in the call's metadata, so that it can be sent again: {@code
 * balsa-client-id}, any number but 0, unsigned, {@code balsa-sequence}, from 1 on, and {@code
 * balsa-client-since}, an index that was applied before the client took its id. A name that comes
 * for the first time may say so: {@code balsa-first}. Whoever sends the first is told by {@code
 * balsa-remembers}, in the answer's headers, that names are understood here and how many of a
 * client's writes are remembered; who does not say since when it is, or is refused, also by {@code
 * balsa-applied} which index is applied here.
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

  /** The name of the write that the present call asks for. */
  static WriteId current() {
    WriteId write = WRITE.get();
    return write == null ? WriteId.NONE : write;
  }

  /** Whether the present call's write may have been done by an earlier call with its name. */
  static boolean mayBeDone() {
    return WRITE.get() != null && FIRST.get() == null;
  }

  /** Begins a call with what its metadata say about its name. */
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

  /** A client id alone is a question whether names are understood. */
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

  /** Negative when it is no index. */
  private static long since(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /** A refusal may have no headers, and its trailers then say it: who is forgotten needs it. */
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
