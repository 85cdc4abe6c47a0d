#!/usr/bin/python3
"""Makes the quantised models of tests/data/onnx with seeded weights (Debian's python3-onnx and python3-numpy).

    scripts/make_onnx_models.py tests/data/onnx

A LeNet-like and a small ResNet-like network, each as QLinear operators and with QuantizeLinear and DequantizeLinear around ordinary
ones. Tensors between layers are outputs as well, so that every word of them can be compared.
"""

import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


class Net:
    """Builds one network twice, in the two ways of writing it."""

    def __init__(self, name, qdq, signed, seed):
        self.name, self.qdq, self.signed = name, qdq, signed
        self.random = np.random.RandomState(seed)
        self.nodes, self.initialisers, self.outputs = [], [], []
        self.code = {}  # tensor: (scale, zero point)
        self.float_of = {}

    def constant(self, name, value):
        self.initialisers.append(numpy_helper.from_array(value, name))
        return name

    def scalar(self, name, code):
        scale = self.constant(name + '_scale', np.float32(code[0]))
        zero = self.constant(name + '_zero', (np.int8 if self.signed else np.uint8)(code[1]))
        return [scale, zero]

    def node(self, op, inputs, outputs, domain='', **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0] + '_' + op, domain=domain, **attributes))

    def input(self, shape, code):
        self.shape = shape
        self.code['x'] = code
        scales = self.scalar('x', code)
        self.node('QuantizeLinear', ['input'] + scales, ['x'])
        self.scales = {'x': scales}

    def real(self, tensor):
        """The tensor as real numbers."""
        name = tensor + '_real_%d' % len(self.nodes)
        self.node('DequantizeLinear', [tensor] + self.scales[tensor], [name])
        return name

    def finish_tensor(self, tensor, code, shape):
        self.code[tensor] = code
        kind = TensorProto.INT8 if self.signed else TensorProto.UINT8
        self.outputs.append(helper.make_tensor_value_info(tensor, kind, shape))

    def quantised(self, real, tensor, code, shape):
        self.scales[tensor] = self.scalar(tensor, code)
        self.node('QuantizeLinear', [real] + self.scales[tensor], [tensor])
        self.finish_tensor(tensor, code, shape)

    def direct(self, tensor, code, shape):
        self.scales[tensor] = self.scalar(tensor, code)
        self.finish_tensor(tensor, code, shape)
        return self.scales[tensor]

    def weights(self, name, shape, per_channel, unsigned):
        axis_size = shape[0]
        if unsigned:
            w = self.random.randint(0, 256, shape).astype(np.uint8)
            zero = np.uint8(121)
        else:
            w = self.random.randint(-127, 128, shape).astype(np.int8)
            zero = np.int8(0)
        base = self.random.uniform(0.002, 0.006)
        if per_channel:
            scale = (base * self.random.uniform(0.5, 1.5, axis_size)).astype(np.float32)
            zero = np.full(axis_size, zero)
        else:
            scale = np.float32(base)
        return w, scale, zero

    def filters(self, tensor, source, shape, out_shape, relu=True, gemm=False, per_channel=True, unsigned=False, spread=40, **attributes):
        w, scale, zero = self.weights(tensor, shape, per_channel, unsigned)
        taps = int(np.prod(shape[1:]))
        in_scale = np.float32(self.code[source][0])
        typical = float(np.mean(scale)) * float(in_scale) * np.sqrt(taps) * 74 * spread
        code = (np.float32(typical / 45), (-128 if self.signed else 0) + (0 if relu else 77))
        bias = self.random.randint(-3000, 3000, shape[0]).astype(np.int32)
        names = [self.constant(tensor + '_w', w.T.copy() if gemm and not self.qdq else w)]
        names += [self.constant(tensor + '_w_scale', scale), self.constant(tensor + '_w_zero', zero)]
        if self.qdq:
            x = self.real(source)
            self.node('DequantizeLinear', names, [tensor + '_w_real'], **({'axis': 0} if per_channel else {}))
            unit = (in_scale * scale).astype(np.float32)
            self.constant(tensor + '_b', bias)
            self.constant(tensor + '_b_scale', unit)
            self.constant(tensor + '_b_zero', np.zeros_like(unit, dtype=np.int32))
            self.node('DequantizeLinear', [tensor + '_b', tensor + '_b_scale', tensor + '_b_zero'], [tensor + '_b_real'], **({'axis': 0} if per_channel else {}))
            made = tensor + '_made'
            self.node('Gemm' if gemm else 'Conv', [x, tensor + '_w_real', tensor + '_b_real'], [made], **({'transB': 1} if gemm else {}), **attributes)
            if relu:
                self.node('Relu', [made], [made + '_relu'])
                made += '_relu'
            self.quantised(made, tensor, code, out_shape)
            return tensor
        self.constant(tensor + '_b', bias)
        y = self.direct(tensor, code, out_shape)
        if gemm:
            self.node('QGemm', [source] + self.scales[source] + names + [tensor + '_b'] + y, [tensor], 'com.microsoft', transB=0)
        else:
            self.node('QLinearConv', [source] + self.scales[source] + names + y + [tensor + '_b'], [tensor], **attributes)
        return tensor

    def max_pool(self, tensor, source, out_shape, **attributes):
        if self.qdq:
            self.node('MaxPool', [self.real(source)], [tensor + '_made'], **attributes)
            self.quantised(tensor + '_made', tensor, self.code[source], out_shape)
        else:
            self.scales[tensor] = self.scales[source]
            self.node('MaxPool', [source], [tensor], **attributes)
            self.finish_tensor(tensor, self.code[source], out_shape)
        return tensor

    def add(self, tensor, a, b, code, out_shape, relu):
        if self.qdq:
            self.node('Add', [self.real(a), self.real(b)], [tensor + '_made'])
            made = tensor + '_made'
            if relu:
                self.node('Relu', [made], [made + '_relu'])
                made += '_relu'
            self.quantised(made, tensor, code, out_shape)
        else:
            y = self.direct(tensor, code, out_shape)
            self.node('QLinearAdd', [a] + self.scales[a] + [b] + self.scales[b] + y, [tensor], 'com.microsoft')
        return tensor

    def concat(self, tensor, sources, code, out_shape):
        if self.qdq:
            self.node('Concat', [self.real(s) for s in sources], [tensor + '_made'], axis=1)
            self.quantised(tensor + '_made', tensor, code, out_shape)
        else:
            y = self.direct(tensor, code, out_shape)
            self.node('QLinearConcat', y + sum([[s] + self.scales[s] for s in sources], []), [tensor], 'com.microsoft', axis=1)
        return tensor

    def global_mean(self, tensor, source, code, out_shape):
        if self.qdq:
            self.node('GlobalAveragePool', [self.real(source)], [tensor + '_made'])
            self.quantised(tensor + '_made', tensor, code, out_shape)
        else:
            y = self.direct(tensor, code, out_shape)
            self.node('QLinearGlobalAveragePool', [source] + self.scales[source] + y, [tensor], 'com.microsoft', channels_last=0)
        return tensor

    def average_pool(self, tensor, source, code, out_shape, **attributes):
        if self.qdq:
            self.node('AveragePool', [self.real(source)], [tensor + '_made'], **attributes)
            self.quantised(tensor + '_made', tensor, code, out_shape)
        else:
            y = self.direct(tensor, code, out_shape)
            self.node('QLinearAveragePool', [source] + self.scales[source] + y, [tensor], 'com.microsoft', channels_last=0, **attributes)
        return tensor

    def flat(self, tensor, source):
        self.node('Flatten', [source], [tensor], axis=1)
        self.code[tensor], self.scales[tensor] = self.code[source], self.scales[source]
        return tensor

    def save(self, folder):
        graph = helper.make_graph(self.nodes, self.name, [helper.make_tensor_value_info('input', TensorProto.FLOAT, self.shape)], self.outputs, self.initialisers)
        model = helper.make_model(graph, producer_name='eyrie', opset_imports=[helper.make_opsetid('', 13), helper.make_opsetid('com.microsoft', 1)])
        model.ir_version = 7
        save(model, '%s/%s.onnx' % (folder, self.name))


def lenet(folder, qdq, signed):
    n = Net('lenet_%s' % ('qdq' if qdq else 'qlinear'), qdq, signed, 1)
    n.input([1, 1, 20, 20], (np.float32(0.0123), -5 if signed else 117))
    n.filters('c1', 'x', [6, 1, 5, 5], [1, 6, 16, 16])
    n.max_pool('p1', 'c1', [1, 6, 8, 8], kernel_shape=[2, 2], strides=[2, 2])
    n.filters('c2', 'p1', [16, 6, 3, 3], [1, 16, 8, 8], relu=False, pads=[1, 1, 1, 1], per_channel=False, unsigned=not signed)
    n.average_pool('p2', 'c2', (np.float32(n.code['c2'][0] * 0.7313), n.code['c2'][1]), [1, 16, 4, 4], kernel_shape=[2, 2], strides=[2, 2])
    n.flat('f', 'p2')
    n.filters('f1', 'f', [32, 256], [1, 32], gemm=True, per_channel=False)
    n.filters('f2', 'f1', [10, 32], [1, 10], relu=False, gemm=True, per_channel=False)
    n.save(folder)


def resnet(folder, qdq, signed):
    n = Net('resnet_%s' % ('qdq' if qdq else 'qlinear'), qdq, signed, 2)
    zero = -128 if signed else 0
    n.input([1, 3, 17, 13], (np.float32(0.0177), 9 if signed else 128))
    n.filters('stem', 'x', [8, 3, 3, 3], [1, 8, 17, 13], pads=[1, 1, 1, 1])
    n.filters('a1', 'stem', [8, 8, 3, 3], [1, 8, 17, 13], pads=[1, 1, 1, 1])
    n.filters('a2', 'a1', [8, 8, 3, 3], [1, 8, 17, 13], relu=False, pads=[1, 1, 1, 1])
    n.add('sum1', 'a2', 'stem', (np.float32(n.code['a2'][0] * 1.1), zero), [1, 8, 17, 13], relu=True)
    n.filters('b1', 'sum1', [16, 8, 3, 3], [1, 16, 9, 7], pads=[1, 1, 1, 1], strides=[2, 2])
    n.filters('dw', 'b1', [16, 1, 3, 3], [1, 16, 9, 7], relu=False, pads=[1, 1, 1, 1], group=16)
    n.filters('short', 'sum1', [16, 8, 1, 1], [1, 16, 9, 7], relu=False, strides=[2, 2])
    n.add('sum2', 'dw', 'short', (np.float32(max(n.code['dw'][0], n.code['short'][0]) * 1.3), zero + 101), [1, 16, 9, 7], relu=False)
    n.concat('cat', ['sum2', 'b1'], (np.float32(n.code['sum2'][0] * 0.9), zero + 90), [1, 32, 9, 7])
    n.global_mean('mean', 'cat', (np.float32(n.code['cat'][0] * 0.3), zero + 83), [1, 32, 1, 1])
    n.flat('f', 'mean')
    n.filters('fc', 'f', [10, 32], [1, 10], relu=False, gemm=True, per_channel=False)
    n.save(folder)


if __name__ == '__main__':
    for qdq in (False, True):
        lenet(sys.argv[1], qdq, signed=False)
        resnet(sys.argv[1], qdq, signed=True)
