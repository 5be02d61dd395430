import { describe, expect, it } from 'vitest'
import { GeneratorStateError, Mt19937 } from '#core/tensor/mt19937'
import golden from '../../golden/draws.json'

describe('Mt19937', () => {
  it('draws the words of the reference program: init_genrand(5489), first and 10000th', () => {
    const generator = new Mt19937(5489)
    expect(generator.nextUint32()).toBe(3499211612)
    for (let i = 2; i < 10000; i++) generator.nextUint32()
    expect(generator.nextUint32()).toBe(4123659995)
  })

  it('draws int64 as torch does', () => {
    const generator = new Mt19937(3)
    const drawn = golden['int64 seed3'].map(() => generator.nextInt64().toString())
    expect(drawn).toEqual(golden['int64 seed3'])
  })

  it('takes only the low 32 bits of a seed, negative ones included', () => {
    expect(new Mt19937(2 ** 40 + 9).nextUint32()).toBe(new Mt19937(9).nextUint32())
    expect(new Mt19937(-1).nextUint32()).toBe(new Mt19937(0xffffffff).nextUint32())
    expect(new Mt19937(2n ** 63n + 9n).nextUint32()).toBe(new Mt19937(9).nextUint32())
  })

  it('goes on from an exported state as if it had never stopped', () => {
    const generator = new Mt19937(1)
    for (let i = 0; i < 1000; i++) generator.nextUint32()
    generator.spareNormal = 0.25
    const state = generator.exportState()
    const expected = Array.from({ length: 700 }, () => generator.nextUint32())
    const resumed = Mt19937.fromState(state)
    expect(Array.from({ length: 700 }, () => resumed.nextUint32())).toEqual(expected)
    expect(resumed.spareNormal).toBe(0.25)
  })

  it('refuses a state no generator can have written', () => {
    const { words } = new Mt19937(0).exportState()
    const bad = [
      { words: words.slice(1), index: 0, spareNormal: null },
      { words, index: 625, spareNormal: null },
      { words, index: 0.5, spareNormal: null },
    ]
    for (const state of bad) expect(() => Mt19937.fromState(state)).toThrow(GeneratorStateError)
  })
})
