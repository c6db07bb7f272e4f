import { describe, expect, it } from 'vitest'
import { parseTransactionCommand } from '../../src/pool-facade/transaction-command.ts'

describe('parseTransactionCommand', () => {
  it.each([
    ['begin', { kind: 'begin', tag: 'BEGIN', modes: {} }],
    ['BEGIN;', { kind: 'begin', tag: 'BEGIN', modes: {} }],
    [' ; /* a /* b */ */ -- c\n BeGiN\tWORK ; ;', { kind: 'begin', tag: 'BEGIN', modes: {} }],
    ['begin transaction', { kind: 'begin', tag: 'BEGIN', modes: {} }],
    ['START TRANSACTION', { kind: 'begin', tag: 'START', modes: {} }],
    [
      'BEGIN TRANSACTION ISOLATION LEVEL repeatable read READ ONLY;',
      { kind: 'begin', tag: 'BEGIN', modes: { isolation: 'repeatable read', readOnly: true } },
    ],
    [
      'start transaction isolation level serializable, read only, deferrable',
      { kind: 'begin', tag: 'START', modes: { isolation: 'serializable', readOnly: true, deferrable: true } },
    ],
    [
      'begin isolation level read uncommitted read write not deferrable',
      {
        kind: 'begin',
        tag: 'BEGIN',
        modes: { isolation: 'read committed', readOnly: false, deferrable: false },
      },
    ],
    ['begin read write read only', { kind: 'begin', tag: 'BEGIN', modes: { readOnly: true } }],
    [
      'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
      { kind: 'set', tag: 'SET', modes: { isolation: 'read committed' } },
    ],
    ['set transaction read only', { kind: 'set', tag: 'SET', modes: { readOnly: true } }],
    ['COMMIT', { kind: 'commit', tag: 'COMMIT' }],
    ['commit work and no chain', { kind: 'commit', tag: 'COMMIT' }],
    ['END TRANSACTION;', { kind: 'commit', tag: 'COMMIT' }],
    ['rollback', { kind: 'rollback', tag: 'ROLLBACK' }],
    ['ROLLBACK TRANSACTION AND NO CHAIN', { kind: 'rollback', tag: 'ROLLBACK' }],
    ['abort', { kind: 'rollback', tag: 'ROLLBACK' }],
    ['SAVEPOINT trx2;', { kind: 'savepoint', tag: 'SAVEPOINT', name: 'trx2' }],
    ['savepoint Sp1', { kind: 'savepoint', tag: 'SAVEPOINT', name: 'sp1' }],
    ['savepoint "Sp""1;"', { kind: 'savepoint', tag: 'SAVEPOINT', name: 'Sp"1;' }],
    ['RELEASE trx2', { kind: 'release', tag: 'RELEASE', name: 'trx2' }],
    ['release savepoint typeorm_1', { kind: 'release', tag: 'RELEASE', name: 'typeorm_1' }],
    ['release savepoint', { kind: 'release', tag: 'RELEASE', name: 'savepoint' }],
    ['rollback to sp1', { kind: 'rollback to', tag: 'ROLLBACK', name: 'sp1' }],
    ['ROLLBACK work TO SAVEPOINT "Sp1"', { kind: 'rollback to', tag: 'ROLLBACK', name: 'Sp1' }],
    ['rollback to savepoint;', { kind: 'rollback to', tag: 'ROLLBACK', name: 'savepoint' }],
  ])('reads %s', (text, command) => {
    expect(parseTransactionCommand(text)).toEqual(command)
  })

  it.each([
    '',
    ';',
    '-- commit',
    'select 1',
    '"commit"',
    'commit; select 1',
    'begin; insert into notes values (1)',
    'commit and chain',
    'rollback and chain',
    "commit prepared 'x'",
    "prepare transaction 'x'",
    "rollback prepared 'x'",
    'abort to sp1',
    'begin read',
    'begin isolation serializable',
    'begin isolation level snapshot',
    'begin read only,',
    'begin , read only',
    'start',
    'start work',
    'set transaction',
    "set transaction snapshot '000'",
    'set session characteristics as transaction read only',
    'set local x = 1',
    'set transaction.x = 1',
    'savepoint',
    'savepoint U&"a"',
    "savepoint 'a'",
    'release',
    'rollback to',
    'savepoint a b',
    'beginning',
    'commit\0',
  ])('leaves %j to the lexer', (text) => {
    expect(parseTransactionCommand(text)).toBeUndefined()
  })
})
