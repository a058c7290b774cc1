package io.balsa.api;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.Base64;
import java.util.List;

/** One step of the comparison with etcd. It knows no server, so that any steps can be left out. */
sealed interface Step {
  /**
   * A request and its answer. Of a stream: one request, all answers.
   *
   * @param json whether it goes through the JSON gateway instead of gRPC
   */
  record Call(boolean json, Rpc rpc, Message request) implements Step {
    /** As a line of a recording: transport, call, request. */
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

  /** An HTTP request as somebody may type it. */
  record Typed(String method, String path, String body) implements Step {
    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  /** Begins a call that may wait or a stream; what comes is compared as it comes. */
  record Open(int handle, boolean json, Rpc rpc, List<Message> requests) implements Step {
    @Override
    public String toString() {
      return "open " + handle + (json ? " json " : " grpc ") + rpc + texts(requests);
    }
  }

  /** One more request on an open gRPC stream; nothing when it is not open. */
  record Say(int handle, Message request) implements Step {
    @Override
    public String toString() {
      return "say  " + handle + " " + text(request);
    }
  }

  /** The client goes away from what it opened. */
  record Leave(int handle) implements Step {
    @Override
    public String toString() {
      return "leave " + handle;
    }
  }

  /** A lease of the shortest time with these keys, and waiting until it has ended by itself. */
  record Expire(long lease, List<String> keys) implements Step {}

  /**
   * A lease, a lock or a campaign for which the server chooses the lease's id, given back at once:
   * the id is hidden.
   */
  record Brief(Rpc rpc, Message request) implements Step {
    @Override
    public String toString() {
      return "brief " + rpc + " " + text(request);
    }
  }

  /** Never empty, so that a line always has its words. */
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
