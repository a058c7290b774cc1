package io.balsa.forms;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.mvccpb.KeyValue;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The output of {@code get --prefix}. */
class RangeFormTest {
  private static final int PARTS = 200;
  private static final int KEYS = 200;

  /** Copying what is printed already for each key or part would take minutes. */
  @ParameterizedTest
  @EnumSource(names = {"simple", "json", "fields"})
  @Timeout(10)
  void manyKeysTakeLinearTime(Form form) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RangeForm printed = new RangeForm(new Lines(new RawWriter(out), false), form, false);
    RangeResponse part = part();

    printed.begin(part.getHeader());
    for (int i = 0; i < PARTS; i++) {
      printed.print(part);
    }
    printed.end();

    ByteString text = ByteString.copyFrom(out.toByteArray());
    assertThat(text.size()).isGreaterThan(PARTS * KEYS * "users/1v".length());
  }

  private static RangeResponse part() {
    RangeResponse.Builder part = RangeResponse.newBuilder();
    for (int key = 0; key < KEYS; key++) {
      part.addKvs(
          KeyValue.newBuilder()
              .setKey(ByteString.copyFromUtf8("users/" + key))
              .setValue(ByteString.copyFromUtf8("v".repeat(100))));
    }
    return part.build();
  }
}
