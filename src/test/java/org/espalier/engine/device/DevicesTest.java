package org.espalier.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

class DevicesTest {
    @Test
    void theCpuIsAlwaysThereAndTheFirstChoiceWhereNoGpuIs() {
        assertEquals(Device.cpu(), Devices.named("cpu"));
        assertEquals(Engine.getInstance().getGpuCount() > 0 ? Device.gpu() : Device.cpu(), Devices.named(""));
    }

    @Test
    void aDeviceThatIsNotThereIsNamedWithWhatToDo() {
        String absent = "gpu" + Engine.getInstance().getGpuCount();
        String message = assertThrows(IllegalArgumentException.class, () -> Devices.named(absent)).getMessage();
        assertTrue(message.contains("ESPALIER_DEVICE is " + absent) && message.contains("README"), message);
        for (String wrong : new String[] {"tpu", "gpu-1", "GPU", "gpu1234"}) {
            String said = assertThrows(IllegalArgumentException.class, () -> Devices.named(wrong)).getMessage();
            assertTrue(said.contains("'" + wrong + "'"), said);
        }
    }
}
