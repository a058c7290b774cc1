package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.TerminalNotes;
import io.balsa.forms.AnswerText;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes a key. */
@Command(
    name = "put",
    description = "Writes a key; without VALUE, reads the value from standard input.",
    footer = {
      "",
      "Examples:",
      "  balsa put greeting hello",
      "  balsa put --endpoints=10.0.0.1:2379 --prev-kv greeting 'good morning'",
      "  balsa put config < config.json"
    })
public final class PutCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private PutOptions put;

  @Override
  public Integer call() throws RequestFailed, IOException {
    if (put.lacksValue()) {
      TerminalNotes.awaitInput("the value");
      put.value = read(System.in, client.requestBytesMax());
    }
    PutRequest request = put.request();
    PutResponse answer = client.change(calls -> calls.put(request));
    output.print(answer, lines -> AnswerText.print(lines, answer));
    return 0;
  }

  /**
   * As etcdctl, takes no empty input for a value.
   *
   * @param bytesMax the largest request; more is not read into memory
   */
  static ByteString read(InputStream in, int bytesMax) throws IOException {
    ByteString input = UnsafeByteOperations.unsafeWrap(in.readNBytes(bytesMax));
    // At a terminal, a read after the end would wait for another end.
    if (input.size() == bytesMax && in.read() >= 0) {
      throw new BadInput(
          "standard input has more than the %d bytes that a request may have; see --max-request-bytes"
              .formatted(bytesMax));
    }
    if (input.isEmpty()) {
      throw new BadInput(
          "no VALUE is given and standard input is empty; to store an empty value, type ''");
    }
    return input;
  }
}
