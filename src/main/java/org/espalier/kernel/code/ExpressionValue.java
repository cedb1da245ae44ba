package org.espalier.kernel.code;

/** Takes the value of a cell's expression that may be a call of a void method. */
public final class ExpressionValue {
    /** What stands for the value where there is none. */
    static final Object NONE = new Object();

    private ExpressionValue() { }

    /** An expression that has no value. */
    public interface NoValue {
        void run() throws Throwable;
    }

    /** An expression that has a value. */
    public interface Value {
        Object get() throws Throwable;
    }

    /** The compiler picks this one for a call of a method that gives a value... */
    public static Object of(Value expression) throws Throwable {
        return expression.get();
    }

    /** ... and this one for a call of a void method. */
    public static Object of(NoValue expression) throws Throwable {
        expression.run();
        return NONE;
    }
}
