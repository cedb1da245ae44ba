package org.espalier.engine.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where networks run: on the first GPU that the engine sees, else on the CPU; or where the environment variable {@code ESPALIER_DEVICE} says. */
public final class Devices {
    private static final Pattern GPU = Pattern.compile("gpu(\\d{0,3})");

    private Devices() {
    }

    /** @throws IllegalArgumentException when the variable names a device that isn't there */
    public static Device current() {
        return named(System.getenv().getOrDefault("ESPALIER_DEVICE", ""));
    }

    /** {@code cpu}, {@code gpu}, or {@code gpu1} for the second; the first that there is for an empty name. */
    static Device named(String name) {
        Matcher gpu = GPU.matcher(name);
        // libtorch finds CUDA where DJL's own search, which counts the GPUs, may not.
        boolean cuda = Engine.getInstance().hasCapability(StandardCapabilities.CUDA);
        int seen = cuda ? Math.max(1, Engine.getInstance().getGpuCount()) : 0;
        if (name.isBlank()) {
            return cuda ? Device.gpu(0) : Device.cpu();
        }
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (!gpu.matches()) {
            throw new IllegalArgumentException("ESPALIER_DEVICE is '" + name + "'; it can be cpu, gpu, or gpu1 for the second");
        }
        int number = gpu.group(1).isEmpty() ? 0 : Integer.parseInt(gpu.group(1));
        if (number >= seen) {
            throw new IllegalArgumentException("ESPALIER_DEVICE is " + name + ", but the engine sees " + (seen == 0 ? "no GPU" : seen + " of them, counted from 0")
                    + "; unset it, or see the README on how to get the CUDA build of libtorch");
        }
        return Device.gpu(number);
    }
}
