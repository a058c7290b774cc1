package io.balsa.ctl;

import com.google.protobuf.ByteString;
import io.balsa.forms.RawText;
import picocli.CommandLine.ITypeConverter;

/** Reads a key or a value: the bytes that were typed. */
public final class KeyBytes implements ITypeConverter<ByteString> {
  @Override
  public ByteString convert(String typed) {
    return RawText.bytes(typed);
  }
}
