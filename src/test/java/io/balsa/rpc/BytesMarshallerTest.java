package io.balsa.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Messages that stay bytes. */
class BytesMarshallerTest {
  private static final BytesMarshaller MARSHALLER = BytesMarshaller.INSTANCE;

  @Test
  void bytesAreReadAsTheyWereWritten() {
    for (Bytes value : new Bytes[] {Bytes.EMPTY, Bytes.of(0, 255, 7), Bytes.utf8("abc").from(1)}) {
      assertThat(MARSHALLER.parse(MARSHALLER.stream(value))).isEqualTo(value);
    }
  }

  @Test
  void grpcLearnsTheLengthAndDrainsTheRestOnce() throws IOException {
    InputStream stream = MARSHALLER.stream(Bytes.of(1, 2, 3));
    assertThat(stream).isInstanceOf(KnownLength.class);
    assertThat(stream.available()).isEqualTo(3);
    assertThat(stream.read()).isEqualTo(1);

    ByteArrayOutputStream target = new ByteArrayOutputStream();
    assertThat(((Drainable) stream).drainTo(target)).isEqualTo(2);
    assertThat(target.toByteArray()).containsExactly(2, 3);
    assertThat(stream.available()).isZero();
    assertThat(((Drainable) stream).drainTo(target)).isZero();
  }

  /** A compressed message: its stream does not know how much is to come. */
  @Test
  void aStreamWithoutALengthIsReadToItsEnd() {
    byte[] message = new byte[100_000];
    message[99_999] = 9;
    InputStream unknown =
        new FilterInputStream(new ByteArrayInputStream(message)) {
          @Override
          public int available() {
            return 0;
          }
        };
    assertThat(MARSHALLER.parse(unknown)).isEqualTo(Bytes.wrap(message));
  }

  @Test
  void aRawMethodHasTheNameAndTheBytesOfTheOther() {
    MethodDescriptor<Bytes, Bytes> raw = BytesMarshaller.raw(KVGrpc.getPutMethod());
    assertThat(raw.getFullMethodName()).isEqualTo(KVGrpc.getPutMethod().getFullMethodName());
    assertThat(raw.getType()).isEqualTo(KVGrpc.getPutMethod().getType());

    PutRequest request = PutRequest.newBuilder().setLease(7).build();
    Bytes bytes = raw.parseRequest(KVGrpc.getPutMethod().streamRequest(request));
    assertThat(bytes).isEqualTo(Bytes.wrap(request.toByteArray()));
  }
}
