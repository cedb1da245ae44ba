package org.espalier.kernel.code;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes compiled notebook code interruptible: a call of {@link Interruption#check()} before every backward jump (each loop has one) and at
 * the start of every method (endless recursion and endless streams have no loop of their own). The call takes and leaves nothing on the
 * operand stack, so that the class's stack maps stay as they are. A call of {@code System.exit} becomes one of {@link ExitRefused}.
 */
final class InterruptInstrumenter {
    private static final String REFUSAL = "org/espalier/kernel/code/ExitRefused";
    private static final String INTERRUPTION = "org/espalier/kernel/code/Interruption";

    private InterruptInstrumenter() { }

    static byte[] instrument(byte[] compiled) {
        ClassReader reader = new ClassReader(compiled);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
                MethodVisitor method = super.visitMethod(access, name, type, signature, exceptions);
                return new Checks(method);
            }
        }, 0);
        return writer.toByteArray();
    }

    private static final class Checks extends MethodVisitor {
        private final Set<Label> passed = new HashSet<>();

        Checks(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            check();
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label target) {
            if (passed.contains(target)) {
                check();
            }
            super.visitJumpInsn(opcode, target);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String type, boolean ofInterface) {
            boolean exits = type.equals("(I)V") && (name.equals("exit") || name.equals("halt"));
            if (exits && owner.equals("java/lang/System")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, REFUSAL, "exit", "(I)V", false);
            } else if (exits && owner.equals("java/lang/Runtime")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, REFUSAL, "exit", "(Ljava/lang/Runtime;I)V", false);
            } else {
                super.visitMethodInsn(opcode, owner, name, type, ofInterface);
            }
        }

        private void check() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, INTERRUPTION, "check", "()V", false);
        }
    }
}
