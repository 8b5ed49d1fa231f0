"""Reads a file of states by docs/state-format.md alone, and prints it as JSON: python3 read_states.py <file>"""
import io
import json
import struct
import sys

FIELDS = {
    'matches': [('rows', 'count'), ('whereKnown', 'count'), ('scope', 'count'), ('known', 'count'), ('true', 'count')],
    'extrema': [('n', 'count'), ('min', 'value'), ('max', 'value')],
    'sums': [('n', 'count'), ('exact', 'i128'), ('double', 'f64')],
    'moments': [('n', 'count'), ('mean', 'f64'), ('m2', 'f64'), ('m3', 'f64'), ('m4', 'f64')],
    'comoments': [('n', 'count'), ('xAvg', 'f64'), ('yAvg', 'f64'), ('ck', 'f64'), ('xMk', 'f64'), ('yMk', 'f64')],
    'classes': [(name, 'count') for name in ('null', 'fractional', 'integral', 'boolean', 'string', 'outside')],
    'texts': [('n', 'count'), ('empty', 'count'), ('blank', 'count'), ('characters', 'i128'), ('shortest', 'count'),
              ('longest', 'count')],
    'hll': [('registers', 'bytes')],
    'gk': [('digest', 'bytes')],
    'kll': [('n', 'count'), ('min', 'f64'), ('max', 'f64'), ('sketch', 'bytes')],
}


def fnv1a(data, h=0x811C9DC5):
    for byte in data:
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise ValueError('it ends too early')
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, form):
        return struct.unpack('<' + form, self.take(struct.calcsize(form)))[0]

    def integer(self):
        return int.from_bytes(self.take(self.number('B')), 'little', signed=True)

    def field(self, kind):
        if kind == 'count':
            return self.number('q')
        if kind == 'i128':
            return self.integer()
        if kind == 'f64':
            return self.number('d')
        if kind == 'bytes':
            return self.take(self.number('I')).hex()
        tag = self.number('B')
        return {0: lambda: None, 1: lambda: self.number('B') == 1, 2: lambda: self.number('d'), 3: self.integer,
                4: lambda: self.take(self.number('I')).decode(), 5: lambda: self.take(self.number('I')).hex()}[tag]()


def read_fields(entry, data):
    if fnv1a(data[:-4]) != struct.unpack('<I', data[-4:])[0]:
        raise ValueError('the checksum of a state does not fit')
    r = Reader(data)
    if r.take(4) != b'ASST' or r.number('B') != 1:
        raise ValueError('no state')
    name, version = r.take(r.number('B')).decode(), r.number('H')
    if (name, version) != (entry['state'], entry['version']):
        raise ValueError('another state than the manifest says')
    r.take(8)
    if name not in FIELDS:
        return None
    state = {field: r.field(kind) for field, kind in FIELDS[name]}
    if r.at != len(data) - 4:
        raise ValueError('there is something behind the fields')
    return state


def read_table(data):
    try:
        import pyarrow.ipc
    except ImportError:
        return None
    return [[str(v) if v is not None else None for v in row.values()] for row in pyarrow.ipc.open_stream(io.BytesIO(data)).read_all().to_pylist()]


def read_file(path):
    data = open(path, 'rb').read()
    magic, version, zero, length, checksum = struct.unpack('<4sHHII', data[:16])
    manifest = data[16:16 + length]
    if magic != b'ASTF' or version != 1 or zero != 0 or checksum != fnv1a(manifest, fnv1a(data[:12])):
        raise ValueError('no file of states')
    start = (16 + length + 7) // 8 * 8
    content = json.loads(manifest)
    states = []
    for entry in content['entries']:
        bytes_ = data[start + entry['at']:start + entry['at'] + entry['length']]
        if len(bytes_) != entry['length'] or fnv1a(bytes_) != entry['checksum']:
            raise ValueError('the checksum of an entry does not fit')
        read = read_fields(entry, bytes_) if entry['encoding'] == 'fields' else read_table(bytes_)
        inputs = [e.get('name', e['kind']) for e in entry['request']['inputs']]
        states.append({'state': entry['state'], 'inputs': inputs, 'family': entry['family'], 'value': read})
    return {'rows': content['rows'], 'columns': [f['name'] for f in content['schema']],
            'analyzers': [a['analyzerName'] for a in content['analyzers']], 'states': states}


if __name__ == '__main__':
    json.dump(read_file(sys.argv[1]), sys.stdout)
