package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import java.io.IOException;

/**
 * The header of an answer. It is the first field of every answer that has one. The rest is not
 * read.
 *
 * @param member 0 when there is no header
 */
record AnswerHeader(long member, long term, long leader) {
  private static final AnswerHeader NONE = new AnswerHeader(0, 0, 0);

  /** The tag of field 1, a message. */
  private static final int HEADER_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  static AnswerHeader of(Bytes answer) {
    if (answer.isEmpty() || answer.at(0) != HEADER_TAG) {
      return NONE;
    }
    try {
      return read(CodedInputStream.newInstance(answer.readOnlyArray()));
    } catch (IOException _) {
      return NONE;
    }
  }

  private static AnswerHeader read(CodedInputStream in) throws IOException {
    long member = 0;
    long term = 0;
    long leader = 0;
    in.readTag();
    in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ResponseHeader.MEMBER_ID_FIELD_NUMBER -> member = in.readUInt64();
        case ResponseHeader.RAFT_TERM_FIELD_NUMBER -> term = in.readUInt64();
        case ResponseHeader.LEADER_ID_FIELD_NUMBER -> leader = in.readUInt64();
        default -> in.skipField(tag);
      }
    }
    return new AnswerHeader(member, term, leader);
  }
}
