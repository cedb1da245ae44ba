package org.espalier.kernel.code;

import java.util.HexFormat;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * How a class's static values come about. The JVM can replace the methods of a loaded class, but never computes its static values again: a
 * class in which they differ has to be loaded anew.
 */
final class Initialiser {
    private Initialiser() { }

    /** A text that is the same as long as the static values are computed in the same way. */
    static String of(byte[] compiled) {
        StringBuilder constants = new StringBuilder();
        ClassWriter only = new ClassWriter(0);
        only.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Initialiser", null, "java/lang/Object", null);
        new ClassReader(compiled).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public FieldVisitor visitField(int access, String name, String type, String signature, Object constant) {
                if (constant != null) {
                    constants.append(name).append('=').append(constant).append(';');
                }
                return null;
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
                return name.equals("<clinit>") ? only.visitMethod(access, name, type, signature, exceptions) : null;
            }
        }, ClassReader.SKIP_DEBUG);
        return constants + HexFormat.of().formatHex(only.toByteArray());
    }
}
