import { describe, expect, it } from 'vitest'
import { domains, dropThreshold, philox4x32, philoxFill } from '#core/tensor/philox'

type Words4 = [number, number, number, number]

function block(counter: Words4, key: [number, number]): string[] {
  const out = new Uint32Array(4)
  philox4x32(out, 0, ...counter, ...key)
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'))
}

const ones = 0xffffffff
const draw = { seed: 7, domain: domains.dropout, stream: 2, step: 11 }

describe('philox4x32', () => {
  it.each<[Words4, [number, number], string]>([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[ones, ones, ones, ones], [ones, ones], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('gives the known answers of its authors for counter %j', (counter, key, expected) => {
    expect(block(counter, key).join(' ')).toBe(expected)
  })

  it('agrees with 64-bit arithmetic for one round after another', () => {
    let words: Words4 = [1, 2, 3, 4]
    for (let i = 0; i < 200; i++) {
      const out = new Uint32Array(4)
      philox4x32(out, 0, ...words, i, 99)
      expect([...out]).toEqual(philoxWithBigInt(words, [i, 99]))
      words = [out[0] ?? 0, out[1] ?? 0, out[2] ?? 0, out[3] ?? 0]
    }
  })
})

describe('philoxFill', () => {
  it('gives element e word e & 3 of block e >> 2', () => {
    const all = new Uint32Array(64)
    philoxFill(all, draw)
    const one = new Uint32Array(4)
    philox4x32(one, 0, 41 >> 2, draw.step, draw.stream, 0, draw.seed, draw.domain)
    expect(all[41]).toBe(one[41 & 3])
  })

  it('gives other words for another seed, domain, stream or step', () => {
    const others = [{}, { seed: 8 }, { domain: domains.rrelu }, { stream: 3 }, { step: 12 }]
    const starts = others.map((change) => {
      const out = new Uint32Array(4)
      philoxFill(out, { ...draw, ...change })
      return out.join()
    })
    expect(new Set(starts).size).toBe(others.length)
  })

  it('is uniform enough to drop the share asked for', () => {
    const words = new Uint32Array(100_000)
    philoxFill(words, draw)
    for (const p of [0.1, 0.5, 0.9]) {
      const threshold = dropThreshold(p)
      const share = words.filter((word) => word < threshold).length / words.length
      // five standard deviations of a binomial share
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / words.length))
    }
  })

  it('refuses to write part of a block', () => {
    expect(() => {
      philoxFill(new Uint32Array(6), draw)
    }).toThrow(RangeError)
  })
})

describe('dropThreshold', () => {
  it('stays an unsigned word from p = 0 to p = 1', () => {
    expect([0, 0.25, 1].map(dropThreshold)).toEqual([0, 0x40000000, 0xffffffff])
  })
})

function philoxWithBigInt(counter: Words4, key: [number, number]): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint]
  let [k0, k1] = key.map(BigInt) as [bigint, bigint]
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0
    const p1 = 0xcd9e8d57n * c2
    ;[c0, c1, c2, c3] = [
      (p1 >> 32n) ^ c1 ^ k0,
      p1 & 0xffffffffn,
      (p0 >> 32n) ^ c3 ^ k1,
      p0 & 0xffffffffn,
    ]
    k0 = (k0 + 0x9e3779b9n) & 0xffffffffn
    k1 = (k1 + 0xbb67ae85n) & 0xffffffffn
  }
  return [c0, c1, c2, c3].map(Number)
}
