package io.balsa.api;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.Base64;
import java.util.List;

/** One step of the comparison with etcd. It refers to no server, so any steps can be removed. */
sealed interface Step {
  /**
   * A request and its answer; for a stream, one request and all answers.
   *
   * @param json whether it goes through the JSON gateway instead of gRPC
   */
  record Call(boolean json, Rpc rpc, Message request) implements Step {
    /** A line of a recording: transport, call, request. */
    String line() {
      return (json ? "json " : "grpc ") + rpc + " " + base64(request.toByteArray());
    }

    /** Reads the first three words of a line. */
    static Call parse(String line) {
      String[] words = line.split(" ", 4);
      Rpc rpc = Rpc.valueOf(words[1]);
      byte[] request = Base64.getDecoder().decode(words[2].substring(1));
      return new Call(words[0].equals("json"), rpc, rpc.request(request));
    }

    @Override
    public String toString() {
      return (json ? "json " : "grpc ") + rpc + " " + text(request);
    }
  }

  /** An HTTP request as a person may type it. */
  record Typed(String method, String path, String body) implements Step {
    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  /** Opens a stream, or a call that may wait; its messages are compared as they come. */
  record Open(int handle, boolean json, Rpc rpc, List<Message> requests) implements Step {
    @Override
    public String toString() {
      return "open " + handle + (json ? " json " : " grpc ") + rpc + texts(requests);
    }
  }

  /** A further request on a gRPC stream; does nothing if the stream is not open. */
  record Say(int handle, Message request) implements Step {
    @Override
    public String toString() {
      return "say  " + handle + " " + text(request);
    }
  }

  /** The client cancels an open call. */
  record Leave(int handle) implements Step {
    @Override
    public String toString() {
      return "leave " + handle;
    }
  }

  /** Grants a lease with the shortest TTL, attaches these keys, and waits until it has expired. */
  record Expire(long lease, List<String> keys) implements Step {}

  /**
   * A lease, a lock or a campaign with a lease id from the server, given back at once. The id is
   * hidden.
   */
  record Brief(Rpc rpc, Message request) implements Step {
    @Override
    public String toString() {
      return "brief " + rpc + " " + text(request);
    }
  }

  /** A call with the token that was given out under this name; see {@link HeldTokens}. */
  record As(String who, Call call) implements Step {
    @Override
    public String toString() {
      return who + ": " + call;
    }
  }

  /** A login; the token is kept under the user's name. */
  record Login(boolean json, AuthenticateRequest request) implements Step {
    @Override
    public String toString() {
      return (json ? "json login " : "grpc login ") + text(request);
    }
  }

  /** Creates a watch with a token, and leaves when it is created or refused. */
  record Look(String who, WatchRequest request) implements Step {
    @Override
    public String toString() {
      return who + ": look " + text(request);
    }
  }

  /** Never empty, so that a line always has all its words. */
  static String base64(byte[] bytes) {
    return "=" + Base64.getEncoder().encodeToString(bytes);
  }

  static String text(Message message) {
    return TextFormat.printer().emittingSingleLine(true).printToString(message);
  }

  private static String texts(List<Message> messages) {
    StringBuilder texts = new StringBuilder();
    messages.forEach(message -> texts.append(" {").append(text(message)).append('}'));
    return texts.toString();
  }
}
