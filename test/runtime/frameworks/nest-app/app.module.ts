import { clickHouse, type ManagedClient } from '@clickhouse-ssot/runtime';
import { ClickHouseHealthIndicator, ClickHouseModule, InjectClickHouse, RequestSignal } from '@clickhouse-ssot/runtime/nestjs';
import { withSignal } from '@clickhouse-ssot/runtime/http';
import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Get, Module, UseFilters } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { OrderMissingError, readRows, readSlowly } from '../apps/queries.js';

@Catch(OrderMissingError)
export class OrderMissingFilter implements ExceptionFilter<OrderMissingError> {
  catch({ message }: OrderMissingError, context: ArgumentsHost): void {
    context.switchToHttp().getResponse<{ status(code: number): { send(text: string): void } }>().status(404).send(`missing: ${message}`);
  }
}

@Controller()
@UseFilters(OrderMissingFilter)
export class AppController {
  constructor(
    @InjectClickHouse() private readonly clickhouse: ManagedClient,
    @InjectClickHouse('analytics') private readonly analytics: ManagedClient,
  ) {}

  @Get('rows')
  rows(): Promise<unknown> {
    return readRows(this.clickhouse);
  }

  @Get('analytics')
  analyticsRows(): Promise<unknown> {
    return readRows(this.analytics);
  }

  @Get('slow')
  slow(@RequestSignal() signal: AbortSignal): Promise<unknown> {
    return readSlowly(withSignal(this.clickhouse, signal));
  }

  @Get('own-error')
  ownError(): never {
    throw new OrderMissingError('order 7');
  }
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: ClickHouseHealthIndicator,
    @InjectClickHouse() private readonly clickhouse: ManagedClient,
  ) {}

  @Get()
  @HealthCheck()
  check(): Promise<unknown> {
    return this.health.check([() => this.indicator.check('clickhouse', this.clickhouse)]);
  }
}

@Module({
  imports: [
    TerminusModule,
    ClickHouseModule.forRoot(),
    ClickHouseModule.forRootAsync({ name: 'analytics', useFactory: async () => ({ service: clickHouse({ connection: 'analytics' }) }) }),
  ],
  controllers: [AppController, HealthController],
})
export class AppModule {
  readonly name = 'application';
}
