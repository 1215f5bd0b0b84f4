package org.tfjavantk.transform;

import com.google.protobuf.ByteString;
import org.tensorflow.proto.AttrValue;

/** Values of attributes of operations. */
final class Attributes {
  private Attributes() {}

  static AttrValue integer(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  static AttrValue flag(boolean value) {
    return AttrValue.newBuilder().setB(value).build();
  }

  static AttrValue text(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttrValue integers(long... values) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    for (long value : values) {
      list.addI(value);
    }
    return AttrValue.newBuilder().setList(list).build();
  }

  /** The integers of a list. */
  static long[] integers(AttrValue list) {
    return list.getList().getIList().stream().mapToLong(Long::longValue).toArray();
  }
}
