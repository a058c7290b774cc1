package io.balsa.api;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.Base64;

/**
 * One request of the comparison with etcd.
 *
 * @param json whether it goes through the JSON gateway instead of gRPC
 */
record Step(boolean json, Rpc rpc, Message request) {
  /** As a line of a recording: transport, call, request. */
  String line() {
    return (json ? "json " : "grpc ") + rpc + " " + base64(request.toByteArray());
  }

  /** Reads the first three words of a line. */
  static Step parse(String line) {
    String[] words = line.split(" ", 4);
    Rpc rpc = Rpc.valueOf(words[1]);
    byte[] request = Base64.getDecoder().decode(words[2].substring(1));
    return new Step(words[0].equals("json"), rpc, rpc.request(request));
  }

  /** Never empty, so that a line always has its words. */
  static String base64(byte[] bytes) {
    return "=" + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    String text = TextFormat.printer().emittingSingleLine(true).printToString(request);
    return (json ? "json " : "grpc ") + rpc + " " + text;
  }
}
