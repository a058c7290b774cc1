package io.balsa.api;

import io.balsa.kv.WriteId;
import io.balsa.proto.WriteHeaders;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The name that a client gave a write in the call's metadata, so that it can be sent again: {@code
 * balsa-client-id}, any number but 0, unsigned, and {@code balsa-sequence}, from 1 on. Whoever
 * sends the first is told by {@code balsa-remembers}, in the answer's headers, that names are
 * understood here and how many of a client's writes are remembered.
 */
final class WriteNames {
  private static final Context.Key<WriteId> WRITE = Context.key("write");
  private static final Status WRONG =
      Status.INVALID_ARGUMENT.withDescription(
          "balsa: balsa-client-id must be a number other than 0, balsa-sequence one from 1 on");

  private WriteNames() {}

  /** The name of the write that the present call asks for. */
  static WriteId current() {
    WriteId write = WRITE.get();
    return write == null ? WriteId.NONE : write;
  }

  /** Begins a call with what its metadata say about its name. */
  static <Q, A> ServerCall.Listener<Q> begin(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    String client = metadata.get(WriteHeaders.CLIENT);
    if (client == null) {
      return next.startCall(call, metadata);
    }
    WriteId write = parse(client, metadata.get(WriteHeaders.SEQUENCE));
    if (write == null) {
      call.close(WRONG, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context named = Context.current().withValue(WRITE, write);
    return Contexts.interceptCall(named, telling(call), metadata, next);
  }

  /** A client id alone is a question whether names are understood. */
  private static @Nullable WriteId parse(String client, @Nullable String sequence) {
    try {
      long id = Long.parseUnsignedLong(client);
      long number = sequence == null ? 0 : Long.parseLong(sequence);
      if (sequence == null) {
        return WriteId.NONE;
      }
      return id == 0 || number < 1 ? null : new WriteId(id, number);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static <Q, A> ServerCall<Q, A> telling(ServerCall<Q, A> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata headers) {
        headers.put(WriteHeaders.REMEMBERS, String.valueOf(WriteId.WINDOW));
        super.sendHeaders(headers);
      }
    };
  }
}
