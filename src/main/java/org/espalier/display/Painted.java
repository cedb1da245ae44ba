package org.espalier.display;

import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.util.Optional;
import javax.swing.Icon;

/** Pictures of what paints itself: components of Swing, icons, images of AWT. */
final class Painted {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    private Painted() { }

    /** @return nothing where the thing has no size, or can't paint without a window */
    static Optional<RenderedImage> of(Object value) {
        if (value instanceof RenderedImage image) {
            return Optional.of(image);
        }
        if (value instanceof Image image) {
            return picture(image.getWidth(null), image.getHeight(null), graphics -> graphics.drawImage(image, 0, 0, null));
        }
        if (value instanceof Icon icon) {
            return picture(icon.getIconWidth(), icon.getIconHeight(), graphics -> icon.paintIcon(null, graphics, 0, 0));
        }
        return value instanceof Component component ? component(component) : Optional.empty();
    }

    private static Optional<RenderedImage> component(Component component) {
        if (component.getWidth() == 0 || component.getHeight() == 0) {
            Dimension wanted = component.getPreferredSize();
            boolean known = wanted.width > 1 && wanted.height > 1;
            component.setSize(known ? wanted : new Dimension(WIDTH, HEIGHT));
        }
        layOut(component);
        return picture(component.getWidth(), component.getHeight(), component::printAll);
    }

    /** Without a window nobody else does. */
    private static void layOut(Component component) {
        component.doLayout();
        if (component instanceof Container container) {
            for (Component inner : container.getComponents()) {
                layOut(inner);
            }
        }
    }

    private interface Paint {
        void on(Graphics2D graphics);
    }

    private static Optional<RenderedImage> picture(int width, int height, Paint paint) {
        if (width <= 0 || height <= 0) {
            return Optional.empty();
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        try {
            paint.on(graphics);
        } finally {
            graphics.dispose();
        }
        return Optional.of(image);
    }
}
