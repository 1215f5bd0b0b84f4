package org.tfjavantk.graphs.load;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** What the TensorFlow library in this process says about its operations. */
final class OpDefs {
  private static final Map<String, OpDef> REGISTERED = new HashMap<>();
  private static final Map<String, KernelList> KERNELS = new ConcurrentHashMap<>();

  static {
    for (OpDef op : TensorFlow.registeredOpList().getOpList()) {
      REGISTERED.put(op.getName(), op);
    }
  }

  private OpDefs() {}

  /** The definition of an operation type, if this TensorFlow knows it. */
  static Optional<OpDef> find(String type) {
    return Optional.ofNullable(REGISTERED.get(type));
  }

  /** How many tensors an argument stands for in a node with these attributes. */
  static int length(OpDef op, OpDef.ArgDef argument, Map<String, AttrValue> attributes) {
    if (!argument.getNumberAttr().isEmpty()) {
      return Math.toIntExact(attribute(op, argument.getNumberAttr(), attributes).getI());
    }
    if (!argument.getTypeListAttr().isEmpty()) {
      return attribute(op, argument.getTypeListAttr(), attributes).getList().getTypeCount();
    }
    return 1;
  }

  /** The type of an argument's tensors; the first one's for a list of types. */
  static DataType type(OpDef op, OpDef.ArgDef argument, Map<String, AttrValue> attributes) {
    if (!argument.getTypeAttr().isEmpty()) {
      return attribute(op, argument.getTypeAttr(), attributes).getType();
    }
    if (!argument.getTypeListAttr().isEmpty()) {
      var types = attribute(op, argument.getTypeListAttr(), attributes).getList();
      return types.getTypeCount() == 0 ? DataType.DT_INVALID : types.getType(0);
    }
    return argument.getType();
  }

  private static AttrValue attribute(OpDef op, String name, Map<String, AttrValue> attributes) {
    AttrValue value = attributes.get(name);
    if (value != null) {
      return value;
    }
    return op.getAttrList().stream()
        .filter(attr -> attr.getName().equals(name))
        .findFirst()
        .map(OpDef.AttrDef::getDefaultValue)
        .orElse(AttrValue.getDefaultInstance());
  }

  /** The attributes of a node, with those that it leaves to their defaults. */
  static Map<String, AttrValue> withDefaults(NodeDef node) {
    Map<String, AttrValue> all = new HashMap<>();
    for (OpDef.AttrDef attribute : REGISTERED.get(node.getOp()).getAttrList()) {
      if (attribute.hasDefaultValue()) {
        all.put(attribute.getName(), attribute.getDefaultValue());
      }
    }
    all.putAll(node.getAttrMap());
    return all;
  }

  /** Whether this TensorFlow can run the node on a CPU with the types in its attributes. */
  static boolean runsOnCpu(NodeDef node) {
    OpDef op = REGISTERED.get(node.getOp());
    return KERNELS.computeIfAbsent(node.getOp(), OpDefs::kernels).getKernelList().stream()
        .filter(kernel -> kernel.getDeviceType().equals("CPU"))
        .anyMatch(kernel -> accepts(kernel, op, node.getAttrMap()));
  }

  private static boolean accepts(KernelDef kernel, OpDef op, Map<String, AttrValue> attributes) {
    return kernel.getConstraintList().stream()
        .allMatch(
            constraint -> {
              AttrValue value = attribute(op, constraint.getName(), attributes);
              List<DataType> allowed = constraint.getAllowedValues().getList().getTypeList();
              return value.hasList()
                  ? allowed.containsAll(value.getList().getTypeList())
                  : allowed.isEmpty() || allowed.contains(value.getType());
            });
  }

  private static KernelList kernels(String type) {
    try (TF_Status status = TF_Status.newStatus()) {
      TF_Buffer buffer = tensorflow.TF_GetRegisteredKernelsForOp(type, status);
      status.throwExceptionIfNotOK();
      byte[] bytes = new byte[Math.toIntExact(buffer.length())];
      if (bytes.length > 0) {
        new BytePointer(buffer.data()).get(bytes);
      }
      tensorflow.TF_DeleteBuffer(buffer);
      return KernelList.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("kernels of " + type, e);
    }
  }
}
