"""Writes src/test/resources/org/espalier/model/loading/reference-logits.txt: what PyTorch answers for networks whose weights, images and pruned channels
follow from a formula that ReferenceTest computes alike. Run it with PyTorch 2 whenever a network is added; the tests themselves need no PyTorch.

    python3 reference_logits.py > ../resources/org/espalier/model/loading/reference-logits.txt
"""
import hashlib
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F


def random(seed, count):
    """`count` numbers in [0, 1): the linear congruential generator of ISO C's example, x -> 1103515245 x + 12345 mod 2^31, from x = seed."""
    block, values, state = 4096, [], seed
    for _ in range(min(count, block)):
        state = (1103515245 * state + 12345) % 2**31
        values.append(state)
    values = torch.tensor(values, dtype=torch.int64)
    # The state a block later: as many steps at once.
    a, c = 1, 0
    for _ in range(block):
        a, c = a * 1103515245 % 2**31, (c * 1103515245 + 12345) % 2**31
    blocks = [values]
    while len(blocks) * block < count:
        blocks.append((blocks[-1] * a + c) % 2**31)
    return torch.cat(blocks)[:count].double() / 2**31


def tensor(index, name, shape):
    """The index-th tensor of a state dict, bookkeeping left out."""
    u = random(index + 1, math.prod(shape)).reshape(shape)
    if len(shape) > 1:
        return ((2 * u - 1) * .8 * math.sqrt(6 / math.prod(shape[1:]))).float()
    return (.5 + u if name.endswith('running_var') or name.endswith('weight') else .2 * u - .1).float()


def fill(model):
    state = {name: value for name, value in model.state_dict().items() if not name.endswith('num_batches_tracked')}
    return {name: tensor(index, name, tuple(value.shape)) for index, (name, value) in enumerate(state.items())}


def kept(width):
    return [channel for channel in range(width) if channel % 3 != 1]


def conv(i, o, kernel, stride=1, groups=1, bias=False):
    return nn.Conv2d(i, o, kernel, stride, kernel // 2, groups=groups, bias=bias)


class Block(nn.Module):
    """Basic (two widths) or bottleneck (three), with a projection where the shape changes. `cut` says what width a layer has in the pruned network."""

    def __init__(self, i, width, out, stride, bottleneck, cut, groups=1):
        super().__init__()
        w = cut(width)
        self.bottleneck = bottleneck
        if bottleneck:
            self.conv1, self.bn1 = conv(i, w, 1), nn.BatchNorm2d(w)
            self.conv2, self.bn2 = conv(w, w, 3, stride, groups), nn.BatchNorm2d(w)
            self.conv3, self.bn3 = conv(w, out, 1), nn.BatchNorm2d(out)
        else:
            self.conv1, self.bn1 = conv(i, w, 3, stride), nn.BatchNorm2d(w)
            self.conv2, self.bn2 = conv(w, out, 3), nn.BatchNorm2d(out)
        self.downsample = nn.Sequential(conv(i, out, 1, stride), nn.BatchNorm2d(out)) if stride > 1 or i != out else nn.Sequential()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y = self.bn3(self.conv3(F.relu(y))) if self.bottleneck else y
        return F.relu(y + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, blocks, widths, expansion, stem, classes, cut, groups=1, group_width=64):
        super().__init__()
        first = widths[0]
        self.large = stem == 7
        self.conv1, self.bn1 = conv(3, first, stem, 2 if self.large else 1), nn.BatchNorm2d(first)
        i = first
        for stage, (count, width) in enumerate(zip(blocks, widths)):
            layers = []
            for block in range(count):
                layers.append(Block(i, width * group_width // 64 * groups, expansion * width, 2 if stage and not block else 1, expansion > 1, cut, groups))
                i = expansion * width
            setattr(self, f'layer{stage + 1}', nn.Sequential(*layers))
        self.stages = len(blocks)
        self.fc = nn.Linear(i, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1) if self.large else x
        for stage in range(self.stages):
            x = getattr(self, f'layer{stage + 1}')(x)
        return self.fc(x.mean((2, 3)))


class PreBlock(nn.Module):
    def __init__(self, i, width, stride, cut):
        super().__init__()
        w, out = cut(width), 4 * width
        self.bn1, self.conv1 = nn.BatchNorm2d(i), conv(i, w, 1)
        self.bn2, self.conv2 = nn.BatchNorm2d(w), conv(w, w, 3, stride)
        self.bn3, self.conv3 = nn.BatchNorm2d(w), conv(w, out, 1)
        self.downsample = nn.Sequential(conv(i, out, 1, stride)) if stride > 1 or i != out else nn.Sequential()

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        return self.conv3(F.relu(self.bn3(y))) + self.downsample(x)


class PreResNet(nn.Module):
    def __init__(self, n, classes, cut):
        super().__init__()
        self.conv1 = conv(3, 16, 3)
        i = 16
        for stage in range(3):
            layers = []
            for block in range(n):
                layers.append(PreBlock(i, 16 << stage, 2 if stage and not block else 1, cut))
                i = 4 * (16 << stage)
            setattr(self, f'layer{stage + 1}', nn.Sequential(*layers))
        self.bn, self.fc = nn.BatchNorm2d(i), nn.Linear(i, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        return self.fc(F.relu(self.bn(x)).mean((2, 3)))


class Dense(nn.Module):
    def __init__(self, i, cut):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(i), conv(i, cut(12), 3)

    def forward(self, x):
        return torch.cat((x, self.conv1(F.relu(self.bn1(x)))), 1)


class Transition(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(i), conv(i, o, 1)

    def forward(self, x):
        return F.avg_pool2d(self.conv1(F.relu(self.bn1(x))), 2)


class DenseNet(nn.Module):
    def __init__(self, n, classes, cut):
        super().__init__()
        self.conv1 = conv(3, 24, 3)
        i, full = 24, 24
        for block in (1, 2, 3):
            layers = []
            for _ in range(n):
                layers.append(Dense(i, cut))
                i, full = i + cut(12), full + 12
            setattr(self, f'dense{block}', nn.Sequential(*layers))
            if block < 3:
                setattr(self, f'trans{block}', Transition(i, full))
                i = full
        self.bn, self.fc = nn.BatchNorm2d(i), nn.Linear(i, classes)

    def forward(self, x):
        x = self.dense3(self.trans2(self.dense2(self.trans1(self.dense1(self.conv1(x))))))
        return self.fc(F.relu(self.bn(x)).mean((2, 3)))


def relu6(i, o, kernel, stride=1, groups=1):
    return nn.Sequential(conv(i, o, kernel, stride, groups), nn.BatchNorm2d(o), nn.ReLU6())


class Inverted(nn.Module):
    def __init__(self, i, out, stride, expansion, cut):
        super().__init__()
        inner = cut(i * expansion) if expansion > 1 else i
        layers = [relu6(i, inner, 1)] if expansion > 1 else []
        layers += [relu6(inner, inner, 3, stride, inner), conv(inner, out, 1), nn.BatchNorm2d(out)]
        self.conv, self.add = nn.Sequential(*layers), stride == 1 and i == out

    def forward(self, x):
        return x + self.conv(x) if self.add else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes, cut):
        super().__init__()
        layers, i = [relu6(3, 32, 3, 2)], 32
        for expansion, width, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            for block in range(count):
                layers.append(Inverted(i, width, 1 if block else stride, expansion, cut))
                i = width
        self.features = nn.Sequential(*layers, relu6(i, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(.2), nn.Linear(1280, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def sequence(convolutions, cut, bias=True, norm=True, pools=5, widest=512):
    """A VGG's convolutions, and how many channels come out."""
    layers, i = [], 3
    for stage, count in enumerate(convolutions):
        for _ in range(count):
            o = cut(min(64 << stage, widest))
            layers += [conv(i, o, 3, bias=bias)] + ([nn.BatchNorm2d(o)] if norm else []) + [nn.ReLU()]
            i = o
        layers += [nn.MaxPool2d(2)] if stage < pools else []
    return nn.Sequential(*layers), i


class Vgg(nn.Module):
    def __init__(self, convolutions, classes, cut):
        super().__init__()
        self.features, i = sequence(convolutions, cut)
        self.classifier = nn.Linear(i, classes)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class SlimmingVgg(nn.Module):
    def __init__(self, convolutions, classes, cut):
        super().__init__()
        self.feature, i = sequence(convolutions, cut, bias=False, pools=4)
        self.classifier = nn.Linear(i, classes)

    def forward(self, x):
        return self.classifier(F.avg_pool2d(self.feature(x), 2).flatten(1))


class ImageNetVgg(nn.Module):
    def __init__(self, convolutions, norm, widest, hidden, classes, cut):
        super().__init__()
        self.features, i = sequence(convolutions, cut, norm=norm, widest=widest)
        self.classifier = nn.Sequential(nn.Linear(i * 49, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(),
                                        nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(F.adaptive_avg_pool2d(self.features(x), (7, 7)).flatten(1))


NETWORKS = {
    'resnet-18 classes=10': (64, lambda cut: ResNet((2, 2, 2, 2), (64, 128, 256, 512), 1, 7, 10, cut)),
    'resnet-34 classes=10': (64, lambda cut: ResNet((3, 4, 6, 3), (64, 128, 256, 512), 1, 7, 10, cut)),
    'resnet-50 classes=10': (64, lambda cut: ResNet((3, 4, 6, 3), (64, 128, 256, 512), 4, 7, 10, cut)),
    'resnet-18 stem=small classes=10': (32, lambda cut: ResNet((2, 2, 2, 2), (64, 128, 256, 512), 1, 3, 10, cut)),
    'mobilenet-v2 classes=10': (64, lambda cut: MobileNetV2(10, cut)),
    'densenet-40': (32, lambda cut: DenseNet(12, 10, cut)),
    'preresnet-110': (32, lambda cut: PreResNet(12, 10, cut)),
    'cifar-bottleneck-56': (32, lambda cut: ResNet((9, 9, 9), (16, 32, 64), 4, 3, 10, cut)),
    'vgg-bn-16': (32, lambda cut: Vgg((2, 2, 3, 3, 3), 10, cut)),
    'vgg-19': (32, lambda cut: Vgg((2, 2, 4, 4, 4), 10, cut)),
    'vgg-19 layout=slimming': (32, lambda cut: SlimmingVgg((2, 2, 4, 4, 4), 10, cut)),
    'imagenet-vgg-11 classes=10 groups=8,8,8,8,8,8,8,8,32,32': (224, lambda cut: ImageNetVgg((1, 1, 2, 2, 2), False, 8, 32, 10, cut)),
    'imagenet-vgg-13 norm=batch classes=10 groups=8,8,8,8,8,8,8,8,8,8,32,32': (224, lambda cut: ImageNetVgg((2, 2, 2, 2, 2), True, 8, 32, 10, cut)),
    'resnet-50 cardinality=32 width=4 classes=10': (64, lambda cut: ResNet((3, 4, 6, 3), (64, 128, 256, 512), 4, 7, 10, cut, 32, 4)),
}


def pruned(dense, smaller):
    """The dense network's tensors, cut to the shapes of the smaller one: along each shorter axis the kept channels stay.

    Behind concatenations (DenseNet) the kept channels of each layer stand side by side, behind those that stay whole.
    """
    def places(full, less):
        if len(kept(full)) == less:
            return kept(full)
        # `whole` channels came in, and each layer behind them brought 12.
        for whole in range(full, -1, -12):
            layers = (full - whole) // 12
            if whole + 8 * layers == less:
                return list(range(whole)) + [whole + 12 * layer + channel for layer in range(layers) for channel in kept(12)]
        raise ValueError((full, less))

    state = {}
    for name, value in smaller.state_dict().items():
        if not name.endswith('num_batches_tracked'):
            tensor = dense[name]
            for axis, length in enumerate(value.shape):
                if tensor.shape[axis] != length:
                    tensor = tensor.index_select(axis, torch.tensor(places(tensor.shape[axis], length)))
            state[name] = tensor
    return state


def shown(text, what, side, model, state):
    model.load_state_dict(state, strict=False)
    model.eval()
    with torch.no_grad():
        logits = model((2 * random(12345, 2 * 3 * side * side) - 1).float().reshape(2, 3, side, side))
    names = ''.join(f'{name} {list(value.shape)}\n' for name, value in state.items())
    print(f'{text} | {what} | {side} | {hashlib.sha256(names.encode()).hexdigest()[:16]} |', ' '.join(f'{value:.7g}' for value in logits.flatten().tolist()))


if __name__ == '__main__':
    torch.set_num_threads(2)
    print(f'# Written by src/test/python/reference_logits.py with PyTorch {torch.__version__}: network | dense or pruned | side of the two images |'
          f' SHA-256 of names and shapes | logits')
    for text, (side, build) in NETWORKS.items():
        dense = build(lambda width: width)
        state = fill(dense)
        shown(text, 'dense', side, dense, state)
        # What a flattened map or a group of channels loses `pruned` doesn't know.
        if 'cardinality' not in text and 'imagenet' not in text:
            smaller = build(lambda width: len(kept(width)))
            shown(text, 'pruned', side, smaller, pruned(state, smaller))
        print(text, file=sys.stderr)
